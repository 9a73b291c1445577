// SPDX-License-Identifier: Apache-2.0
// Declared lists on the host's own pages: the hotline's desk brings a table in without scripts, reads the report, filters and
// sorts the book, accepts several calls at once with the keyboard alone, takes a table back; a cooperative reads its records.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { go, phone, visit } from '../support/browser.mjs';
import { assertSound, picture } from '../support/checks.mjs';
import { tabTo } from '../support/keys.mjs';

const list = '/lists/hotline/calls';
const table = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const heads = '要反映什么,详细情况,地点,联系电话\r\n';

async function sound(page, name) {
  const response = await page.reload();
  await assertSound(page, name, await response.text());
}

test('lists: the desk brings a table in without scripts and reads what came of each row', () => visit({ as: 'hotline_desk', viewport: phone, javaScriptEnabled: false }, async (page) => {
  await go(page, `${list}/import`);
  await page.click('main form button');
  assert.match(await page.title(), /^错误：/);
  await picture(page, 'list-import-nothing-360');
  await page.setInputFiles('[name="table"]', table('旧系统.csv',
    `${heads}路灯不亮,村口第三盏,第一示范村,13912345678\r\n停水,已经三天,,12\r\n井盖丢失,路口,第二示范村,13912345670\r\n垃圾没人收,村东头,,13912345671\r\n`));
  await page.click('main form button');
  await page.waitForURL(/\/import\/\d+$/);
  assert.match(await page.textContent('main'), /第 3 行/);
  assert.match(await page.textContent('main'), /联系电话/);
  await picture(page, 'list-import-read-360');
  await page.click('button[value="begin"]');
  assert.match(await page.textContent('main'), /已导入/);
  await picture(page, 'list-import-done-360');
}));

test('lists: the book is filtered and sorted by its address, and sound on a phone and on a desk', () => visit({ as: 'hotline_desk' }, async (page) => {
  await go(page, list);
  await sound(page, 'list');
  await page.selectOption('[name="state"]', 'filed');
  await page.click('form.filter button');
  await page.waitForURL(/state=filed/);
  await page.click('thead a >> nth=0');
  await page.waitForURL(/sort=/);
  assert.equal(await page.locator('th[aria-sort]').count(), 1);
  assert.ok(await page.locator('tbody tr').count() >= 3);
  await sound(page, 'list-filtered');
  await go(page, `${list}?title=${encodeURIComponent('没有这样的')}`);
  await sound(page, 'list-empty');
  await go(page, `${list}/print`);
  await sound(page, 'list-print');
  await go(page, `${list}/import`);
  await sound(page, 'list-import');
  await page.click('main section a');
  await sound(page, 'list-import-batch');
}));

test('lists: with the keyboard alone two calls are accepted at once', () => visit({ as: 'hotline_desk' }, async (page) => {
  await go(page, `${list}?state=filed`);
  const boxes = await page.locator('input[name="row"]').evaluateAll((all) => all.slice(0, 2).map((one) => one.id));
  for (const id of boxes) {
    await tabTo(page, `#${id}`);
    await page.keyboard.press('Space');
  }
  await tabTo(page, 'button[name="act"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('button[name="confirmed"]');
  assert.match(await page.textContent('.lead'), /2/);
  await assertSound(page, 'list-bulk');
  await tabTo(page, 'button[name="confirmed"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role="status"]');
  assert.match(await page.textContent('[role="status"]'), /2/);
  await assertSound(page, 'list-bulk-done');
}));

test('lists: a table is taken back as one', () => visit({ as: 'hotline_desk', viewport: phone, javaScriptEnabled: false }, async (page) => {
  await go(page, `${list}/import`);
  await page.setInputFiles('[name="table"]', table('误传.csv', `${heads}误传一,内容,,13912345678\r\n误传二,内容,,13912345678\r\n`));
  await page.click('main form button');
  await page.click('button[value="begin"]');
  await page.click('button[value="ask_undo"]');
  assert.match(await page.textContent('main'), /要撤回这次导入的 2 行吗/);
  await picture(page, 'list-import-undo-360');
  await page.click('button[value="undo"]');
  assert.match(await page.textContent('main'), /已撤回/);
  await picture(page, 'list-import-undone-360');
}));

test('lists: a cooperative reads the book of its records and a farmer does not find it', async () => {
  await visit({ as: 'cooperative' }, async (page) => {
    await go(page, '/lists/traceability/records');
    await sound(page, 'list-records');
  });
  await visit({ as: 'farmer' }, async (page) => {
    const response = await page.goto('/lists/traceability/records');
    assert.equal(response.status(), 404);
  });
});
