// SPDX-License-Identifier: Apache-2.0
// The hotline sample on the host's own pages of cases: a caller files, the desk accepts and assigns, a handler reports,
// the desk calls back. Once without scripts, once with the keyboard alone; every page sound on a phone and on a desk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { go, phone, signIn, visit } from '../support/browser.mjs';
import { assertSound, picture } from '../support/checks.mjs';
import { tabTo } from '../support/keys.mjs';

const list = '/cases/hotline/call';
const step = (name) => `[href$="/move/${name}"], form[action$="/move/${name}"] button`;

async function press(page, name) {
  await page.click(step(name));
}

async function sound(page, name) {
  const response = await page.reload();
  await assertSound(page, name, await response.text());
}

let filed;

test('hotline: a resident files a call without scripts and gets a number', () => visit({ as: 'citizen', viewport: phone, javaScriptEnabled: false }, async (page) => {
  await go(page, `${list}/open`);
  await page.fill('[name="what"]', '村口第三盏路灯不亮');
  await page.click('button[value="next"]');
  assert.match(await page.title(), /^错误：/);
  assert.equal(await page.inputValue('[name="what"]'), '村口第三盏路灯不亮', 'what was typed stays');
  await page.fill('[name="title"]', '路灯不亮');
  await page.fill('[name="phone"]', '13912345678');
  await page.click('button[value="next"]');
  assert.match(await page.textContent('.number'), /^RX\d{8}-\d{4}$/);
  await picture(page, 'hotline-done-360');
  await page.click('main a[href^="/cases/hotline/call/"]');
  filed = new URL(page.url()).pathname;
  assert.match(await page.textContent('.facts'), /待受理/);
}));

test('hotline: the desk accepts and assigns, a handler reports, the desk calls back', async () => {
  await visit({ as: 'hotline_desk' }, async (page) => {
    await go(page, '/todo');
    await sound(page, 'hotline-todo');
    await go(page, list);
    await sound(page, 'hotline-list');
    await go(page, filed);
    await sound(page, 'hotline-case');
    await press(page, 'accept');
    await press(page, 'assign');
    assert.match(await page.textContent('.facts'), /办理中/);
  });
  await visit({ as: 'hotline_handler', viewport: phone }, async (page) => {
    await go(page, filed);
    await press(page, 'handle');
    await page.click('main form button[type="submit"]');
    assert.match(await page.title(), /^错误：/);
    await picture(page, 'hotline-handle-wrong-360');
    await page.fill('[name="result"]', '已换灯');
    await page.click('main form button[type="submit"]');
    assert.match(await page.textContent('.facts'), /待回访/);
  });
  await visit({ as: 'hotline_desk' }, async (page) => {
    await go(page, filed);
    await press(page, 'call_back');
    await sound(page, 'hotline-call-back');
    await page.check('[name="content"][value="yes"]');
    await page.click('main form button[type="submit"]');
    assert.match(await page.textContent('.facts'), /已办结/);
    await go(page, `${filed}/history`);
    await sound(page, 'hotline-history');
    await go(page, `${filed}/print`);
    await sound(page, 'hotline-print');
  });
});

test('hotline: with the keyboard alone a resident files a call and withdraws it', () => visit({ as: 'citizen' }, async (page) => {
  await go(page, `${list}/open`);
  for (const [name, text] of [['title', '井盖丢失'], ['what', '路口井盖不见了'], ['phone', '13912345678']]) {
    await tabTo(page, `[name="${name}"]`);
    await page.keyboard.type(text);
  }
  await tabTo(page, 'button[value="next"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.number');
  await tabTo(page, 'main a[href^="/cases/hotline/call/"]');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => /\/call\/\d+$/.test(url.pathname));
  await tabTo(page, step('withdraw'));
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname.endsWith('/move/withdraw'));
  await tabTo(page, 'main form button[type="submit"]');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => /\/call\/\d+$/.test(url.pathname));
  assert.match(await page.textContent('.facts'), /已撤回/);
}));

test('hotline: on a shared computer nobody finds what another has begun', () => visit({}, async (page) => {
  // A session of its own, for it ends here.
  await signIn(page, 'citizen');
  const kept = () => page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith('draft ')));
  await go(page, `${list}/open`);
  // The server is out of reach, so the copy on the device stays.
  await page.route('**/open', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await page.fill('[name="title"]', '半截诉求');
  await page.fill('[name="phone"]', '13912345678');
  const [[place, copy]] = await kept();
  assert.match(copy, /半截诉求/);
  assert.doesNotMatch(copy, /13912345678/, 'what is personal is not kept on the device');
  await page.unroute('**/open');
  await page.evaluate(([key, text]) => {
    localStorage.setItem(key.replace(/^draft \S+/, 'draft 1'), text);
    localStorage.setItem(`${key} old`, JSON.stringify({ time: Date.now() - 7e8, fields: [] }));
  }, [place, copy]);
  await go(page, list);
  assert.deepEqual((await kept()).map(([key]) => key), [place], "others' copies and old ones are gone");
  await page.locator('form[action="/sign-out"] button').first().click();
  await page.waitForSelector('[data-signed-out]');
  assert.deepEqual(await kept(), [], 'nothing is left after sign-out');
}));
