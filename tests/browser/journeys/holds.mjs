// SPDX-License-Identifier: Apache-2.0
// A buyer complains of a lot from the page behind its code, on a phone, without scripts and without signing in; an inspector
// proposes a hold with the keyboard alone, her superior confirms it, and the code's page says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { go, phone, visit } from '../support/browser.mjs';
import { assertSound, picture } from '../support/checks.mjs';
import { tabTo } from '../support/keys.mjs';

const lot = '/01/09521234500018/10/CARP-1';
const step = (name) => `[href$="/move/${name}"], form[action$="/move/${name}"] button`;
let hold;

async function sound(page, name) {
  const response = await page.reload();
  await assertSound(page, name, await response.text());
}

test('holds: a buyer reports a problem from the scan page, without scripts', () => visit({ viewport: phone, javaScriptEnabled: false }, async (page) => {
  await go(page, lot);
  await page.click('main a[href^="/cases/traceability/complaint/open?"]');
  assert.equal(await page.inputValue('[name="lot"]'), lot);
  assert.match(await page.inputValue('[name="product"]'), /黄河鲤鱼/);
  await picture(page, 'complaint-form-360');
  await page.click('button[value="next"]');
  assert.match(await page.title(), /^错误：/);
  assert.equal(await page.inputValue('[name="lot"]'), lot, 'what was filled in stays');
  await picture(page, 'complaint-wrong-360');
  await page.check('[name="about"][value="spoiled"]');
  await page.fill('[name="what"]', '鱼有异味，昨天买的，还留着。');
  await page.fill('[name="phone"]', '13912345678');
  await page.click('button[value="next"]');
  assert.match(await page.textContent('.number'), /^TS\d{6}-\d{5}$/);
  await picture(page, 'complaint-done-360');
}));

test('holds: with the keyboard alone an inspector proposes a hold', () => visit({ as: 'regulator' }, async (page) => {
  await go(page, '/traceability/lots/09521234500018/CARP-1');
  await tabTo(page, 'main a[href^="/cases/traceability/hold/open"]');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname.endsWith('/hold/open'));
  assert.equal(await page.inputValue('[name="lot"]'), lot);
  for (const name of ['measure', 'ground']) {
    await tabTo(page, `[name="${name}"]`);
    await page.keyboard.press('Space');
  }
  await tabTo(page, '[name="reason"]');
  await page.keyboard.type('现场抽样快检不合格');
  await tabTo(page, '[name="basis"]');
  await page.keyboard.press('ArrowDown');
  await picture(page, 'hold-form-1280');
  await tabTo(page, 'button[value="next"]');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('at') === 'check');
  await picture(page, 'hold-check-1280');
  await tabTo(page, 'main button[value="send"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.number');
  await tabTo(page, 'main a[href^="/cases/traceability/hold/"]');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => /\/hold\/\d+$/.test(url.pathname));
  hold = new URL(page.url()).pathname;
  assert.equal(await page.locator(step('confirm')).count(), 0, 'who proposes does not confirm');
}));

test('holds: her superior confirms, and the code says so', async () => {
  await visit({ as: 'quality_lead' }, async (page) => {
    await go(page, hold);
    await sound(page, 'hold-case');
    await page.click(step('confirm'));
    if (await page.locator('main form button[type="submit"]').count() && page.url().includes('/move/')) await page.click('main form button[type="submit"]');
    assert.match(await page.textContent('.facts'), /执行中/);
    await go(page, '/traceability/lots/09521234500018/CARP-1');
    await sound(page, 'hold-trace');
  });
  await visit({ viewport: phone, javaScriptEnabled: false }, async (page) => {
    await go(page, lot);
    assert.match(await page.textContent('.notice-danger'), /这一批已暂停销售/);
    await picture(page, 'hold-scan-360');
  });
  await visit({ as: 'regulator' }, async (page) => {
    await go(page, hold);
    await page.click(step('propose_release'));
    await sound(page, 'hold-release-form');
    await page.check('[name="outcome"][value="passed"]');
    await page.fill('[name="outcome_text"]', '复检合格');
    await page.click('main form button[type="submit"]');
  });
  await visit({ as: 'quality_lead' }, async (page) => {
    await go(page, hold);
    await page.click(step('release'));
    if (page.url().includes('/move/')) await page.click('main form button[type="submit"]');
    assert.match(await page.textContent('.facts'), /已解除/);
  });
});

test('holds: a cooperative brings a test with its document', () => visit({ as: 'cooperative' }, async (page) => {
  await go(page, '/traceability/papers/new?lot=' + encodeURIComponent(lot));
  await sound(page, 'paper-form');
  await page.click('main form button[type="submit"]');
  assert.match(await page.title(), /^错误：/);
  await go(page, '/traceability/papers');
  await sound(page, 'papers');
}));
