// SPDX-License-Identifier: Apache-2.0
// The helpdesk sample: an officer reports a problem without scripts, the desk answers, lends a spare that a lead approves,
// takes it back and closes; and with the keyboard alone. A table of spares is brought. Its lists, its own pages and the
// host's are sound on a phone and on a desk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desk, go, phone, visit } from '../support/browser.mjs';
import { assertSound, picture } from '../support/checks.mjs';
import { tabTo } from '../support/keys.mjs';

const list = '/cases/helpdesk/ticket';
const step = (name) => `[href$="/move/${name}"], form[action$="/move/${name}"] button`;
const send = 'main form button[type="submit"]';

async function sound(page, name) {
  const response = await page.reload();
  await assertSound(page, name, await response.text());
}

let filed;

for (const viewport of [desk, phone]) test(`helpdesk: an officer reports a problem without scripts at ${viewport.width} px`, () => visit({ as: 'regulator', viewport, javaScriptEnabled: false }, async (page) => {
  await go(page, `${list}/open`);
  await page.check('[name="category"][value="computer"]');
  await page.fill('[name="subject"]', '电脑不能开机');
  await page.click('button[value="next"]');
  assert.match(await page.title(), /^错误：/);
  assert.equal(await page.inputValue('[name="subject"]'), '电脑不能开机', 'what was typed stays');
  await page.fill('[name="what"]', '按电源键没有反应');
  await page.check('[name="urgent"][value="yes"]');
  await page.click('button[value="next"]');
  assert.match(await page.textContent('.number'), /^HD\d{6}-\d{5}$/);
  await picture(page, `helpdesk-done-${viewport.width}`);
  await page.click(`main a[href^="${list}/"]`);
  filed = new URL(page.url()).pathname;
  assert.match(await page.textContent('.facts'), /待接单/);
}));

test('helpdesk: a lead registers a spare device, with what is wrong said first', () => visit({ as: 'helpdesk_lead' }, async (page) => {
  await go(page, '/helpdesk/assets/new');
  await page.fill('[name="tag"]', 'PC-100');
  await page.click(`${send}.button-primary`);
  assert.equal(await page.inputValue('[name="tag"]'), 'PC-100', 'what was typed stays');
  await picture(page, 'helpdesk-asset-wrong');
  await page.selectOption('[name="kind"]', 'notebook');
  await page.fill('[name="model"]', '示范本');
  await page.fill('[name="price"]', '4999');
  await page.fill('[name="bought"]', '2026-03-05');
  await page.click(`${send}.button-primary`);
  await page.waitForURL(/\/helpdesk\/assets\/\d+$/);
  await sound(page, 'helpdesk-asset');
  await page.click('main a[href="/lists/helpdesk/assets"]');
  assert.match(await page.textContent('tbody'), /PC-100/);
  await sound(page, 'helpdesk-assets');
}));

test('helpdesk: a lead brings a table of spares without scripts and takes it back', () => visit({ as: 'helpdesk_lead', viewport: phone, javaScriptEnabled: false }, async (page) => {
  await go(page, '/lists/helpdesk/assets/import');
  await page.setInputFiles('[name="table"]', { name: '设备.csv', mimeType: 'text/csv', buffer: Buffer.from(
    '编号,种类,型号,购置价格,购置日期\r\nPC-201,笔记本电脑,示范本,4999,2026-03-05\r\nPC-100,显示器,示范屏,899,2026-03-05\r\nPC-202,火箭,示范箭,1,2026-03-05\r\n') });
  await page.click('main form button');
  await page.waitForURL(/\/import\/\d+$/);
  const batch = new URL(page.url()).pathname;
  assert.match(await page.textContent('main'), /第 4 行/);
  await page.click('button[value="begin"]');
  assert.match(await page.textContent('main'), /这个编号已经登记过/);
  await picture(page, 'helpdesk-import-done-360');
  await go(page, '/lists/helpdesk/assets?state=free');
  assert.match(await page.textContent('tbody'), /PC-201/);
  await picture(page, 'helpdesk-assets-free-360');
  await go(page, batch);
  await page.click('button[value="ask_undo"]');
  await page.click('button[value="undo"]');
  assert.match(await page.textContent('main'), /已撤回/);
}));

test('helpdesk: the desk lends, answers, takes back and closes', async () => {
  await visit({ as: 'helpdesk_agent' }, async (page) => {
    await go(page, '/lists/helpdesk/desk');
    assert.match(await page.textContent('tbody tr'), /紧急/, 'what is urgent is first');
    await sound(page, 'helpdesk-desk');
    await page.selectOption('[name="state"]', 'filed');
    await page.click('form.filter button');
    await page.waitForURL(/state=filed/);
    await page.check(`tr:has(a[href="${filed}"]) input[name="row"]`);
    await page.click('button[value="take"]');
    await page.click('button[name="confirmed"]');
    assert.match(await page.textContent('[role="status"]'), /1/);
    await go(page, '/lists/helpdesk/desk?state=working');
    await page.click(`a[href="${filed}"]`);
    await sound(page, 'helpdesk-ticket');
    await page.click(step('ask_spare'));
    await page.fill('[name="spare"]', 'PC-100');
    await page.click(send);
    assert.match(await page.textContent('.facts'), /待批准借用/);
  });
  await visit({ as: 'helpdesk_lead', viewport: phone }, async (page) => {
    await go(page, '/todo');
    await sound(page, 'helpdesk-todo');
    await go(page, filed);
    await page.click(step('approve'));
    assert.match(await page.textContent('.facts'), /处理中/);
  });
  await visit({ as: 'helpdesk_agent' }, async (page) => {
    await go(page, filed);
    await page.click(step('reply'));
    await page.fill('[name="answer"]', '已更换电源，可以开机');
    await page.click(send);
    await page.click(step('close'));
    await page.check('[name="cause"][value="device"]');
    await page.fill('[name="minutes"]', '40');
    await page.click(send);
    assert.match(await page.textContent('main'), /PC-100 还没有收回/);
    await picture(page, 'helpdesk-close-refused');
    await go(page, filed);
    await page.click(step('take_back'));
    await page.click(step('close'));
    await page.check('[name="cause"][value="device"]');
    await page.fill('[name="minutes"]', '40');
    await page.click(send);
    assert.match(await page.textContent('.facts'), /已办结/);
    await go(page, `${filed}/history`);
    await sound(page, 'helpdesk-history');
    await go(page, '/lists/helpdesk/tally');
    await sound(page, 'helpdesk-tally');
  });
});

for (const viewport of [desk, phone]) test(`helpdesk: with the keyboard alone an officer reports a problem and withdraws it at ${viewport.width} px`, () => visit({ as: 'regulator', viewport }, async (page) => {
  await go(page, `${list}/open`);
  await tabTo(page, '[name="category"]');
  await page.keyboard.press('Space');
  for (const [name, text] of [['subject', '打印机没有墨'], ['what', '打印出来是空白']]) {
    await tabTo(page, `[name="${name}"]`);
    await page.keyboard.type(text);
  }
  await tabTo(page, '[name="urgent"]');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, 'button[value="next"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.number');
  await tabTo(page, `main a[href^="${list}/"]`);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => /\/ticket\/\d+$/.test(url.pathname));
  await tabTo(page, step('withdraw'));
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname.endsWith('/move/withdraw'));
  await tabTo(page, send);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => /\/ticket\/\d+$/.test(url.pathname));
  assert.match(await page.textContent('.facts'), /已撤回/);
}));
