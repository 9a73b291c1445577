// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { go, visit } from '../support/browser.mjs';
import { assertSound, picture } from '../support/checks.mjs';

const row = '#plugin-hello';

async function press(page, way) {
  await go(page, '/admin/plugins');
  await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), page.click(`form[action="/admin/plugins/hello/${way}"] button`)]);
  // The reconciler works on its own thread: the page says what is so when it is asked.
  const button = `${row} form[action$="/hello/${way === 'unload' ? 'load' : 'unload'}"]`;
  for (let tries = 0; tries < 30; ++tries) {
    await go(page, '/admin/plugins');
    if (await page.locator(button).count() > 0) return;
    await page.waitForTimeout(100);
  }
  assert.fail(`hello did not follow "${way}": ${await page.textContent(row)}`);
}

async function statusOf(path) {
  let status;
  await visit({}, async (page) => { status = (await page.goto(path)).status(); });
  return status;
}

test('operator: unloads and loads a plugin, and its pages follow', () => visit({ as: 'operator' }, async (page) => {
  assert.equal(await statusOf('/hello/'), 200);
  try {
    await press(page, 'unload');
    await picture(page, 'operator-unloaded-1280');
    assert.notEqual(await statusOf('/hello/'), 200);
  } finally {
    await press(page, 'load');
  }
  assert.equal(await statusOf('/hello/'), 200);
}));

test('operator: her acts stand in the audit', () => visit({ as: 'auditor' }, async (page) => {
  await go(page, '/audit?object=plugin%2Fhello');
  const text = await page.textContent('main');
  assert.match(text, /plugin\.unload/);
  assert.match(text, /plugin\.load/);
}));

test('operator: looks into the folders again', () => visit({ as: 'operator' }, async (page) => {
  await go(page, '/admin/plugins');
  const [answer] = await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), page.click('form[action="/admin/plugins/scan"] button')]);
  assert.equal(answer.status(), 303);
  await page.waitForSelector(row);
  assert.match(await page.textContent('.notice-success'), /找到 \d+ 个插件，其中 0 个被拒绝/);
  await assertSound(page, 'operator-scanned');
}));
