// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { origin, screenshots } from '../support/access.mjs';
import { go, phone, visit } from '../support/browser.mjs';
import { assertSound, picture } from '../support/checks.mjs';
import { decode } from '../support/code.mjs';

const farmer = { as: 'farmer', viewport: phone, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const records = '/traceability/records';

async function openForm(page, kind) {
  await go(page, records);
  await page.click(`main a[href$="/records/new/${kind}"]`);
  await page.waitForSelector('main form[method="post"]');
  const questions = await page.locator('main form[method="post"] :is(input:not([type="hidden"]), select, textarea)').count();
  assert.ok(questions >= 1 && questions <= 5, `${kind} asks ${questions} questions`);
}

async function send(page) {
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.request().method() === 'POST'),
    page.click('main form[method="post"] button[type="submit"]'),
  ]);
  await page.waitForLoadState();
  return answer;
}

async function pickFirst(page, field) {
  const value = await page.$eval(`${field} option:not([value=""])`, (o) => o.value);
  await page.selectOption(field, value);
  return value;
}

async function assertSaved(page, answer, words) {
  assert.equal(answer.status(), 303, 'stored, then led to the list');
  await page.waitForURL((url) => url.pathname === records);
  assert.ok(await page.locator('.notice-success').isVisible(), 'the page says that it is stored');
  assert.match(await page.textContent('table.list tbody tr:first-child'), words);
}

test('farmer: harvest, pesticide, packing and dispatch on a phone, each in at most five fields', async (t) => {
  await t.test('harvest', () => visit(farmer, async (page) => {
    await openForm(page, 'harvest');
    await pickFirst(page, '#f-crop');
    await page.fill('#f-weight', '812.5');
    await picture(page, 'farmer-harvest-filled-360');
    await assertSaved(page, await send(page), /812\.5/);
  }));
  await t.test('pesticide', () => visit(farmer, async (page) => {
    await openForm(page, 'pesticide');
    await pickFirst(page, '#f-crop');
    await page.fill('#f-pesticide', '苦参碱');
    await page.fill('#f-dose', '50 毫升/亩');
    await page.fill('#f-interval', '7');
    await assertSaved(page, await send(page), /苦参碱/);
  }));
  await t.test('packing', () => visit(farmer, async (page) => {
    await openForm(page, 'packing');
    await pickFirst(page, '#f-lot');
    await page.fill('#f-weight', '300');
    await page.fill('#f-boxes', '30');
    await assertSaved(page, await send(page), /300/);
  }));
  await t.test('dispatch', () => visit(farmer, async (page) => {
    await openForm(page, 'dispatch');
    await pickFirst(page, '#f-lot');
    await page.fill('#f-weight', '300');
    await pickFirst(page, '#f-receiver');
    await page.fill('#f-vehicle', '蒙K 12345');
    await assertSaved(page, await send(page), /300/);
  }));
  await t.test('the list on phone and desk', () => visit(farmer, async (page) => {
    const response = await go(page, records);
    await assertSound(page, 'farmer-records', await response.text());
  }));
});

test('farmer: what is wrong is said once above and once beside the field, and the rest is kept', () => visit(farmer, async (page) => {
  await openForm(page, 'pesticide');
  const crop = await pickFirst(page, '#f-crop');
  await page.fill('#f-dose', '50 毫升/亩');
  await page.fill('#f-interval', '7');
  await page.fill('#f-day', '2099-01-01');
  const answer = await send(page);
  assert.equal(answer.status(), 422);
  const html = await answer.text();
  assert.match(await page.title(), /^错误/);
  assert.equal(await page.inputValue('#f-crop'), crop);
  assert.equal(await page.inputValue('#f-dose'), '50 毫升/亩');
  assert.equal(await page.inputValue('#f-interval'), '7');
  assert.equal(await page.inputValue('#f-day'), '2099-01-01');
  const links = await page.$$eval('.summary-wrong a', (all) => all.map((a) => ({ href: a.getAttribute('href'), text: a.textContent })));
  assert.deepEqual(links.map((l) => l.href), ['#f-pesticide', '#f-day']);
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains('summary-wrong')), 'the focus is on the summary');
  for (const { href, text } of links) {
    const field = page.locator(href);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    const about = await page.textContent(`#${(await field.getAttribute('aria-describedby')).split(' ')[0]} .wrong`);
    assert.ok(text.includes(about.replace(/^错误[：:]\s*/, '').trim()), `the same words: ${text} / ${about}`);
  }
  await page.click('.summary-wrong a[href="#f-pesticide"]');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-pesticide');
  await assertSound(page, 'farmer-form-wrong', html);
}));

for (const kind of ['harvest', 'pesticide', 'packing', 'dispatch']) {
  test(`farmer: an empty ${kind} form comes back with its problems`, () => visit(farmer, async (page) => {
    await openForm(page, kind);
    for (const field of await page.$$('main form input:not([type="hidden"])')) await field.fill('');
    assert.equal((await send(page)).status(), 422);
    assert.ok(await page.locator('.summary-wrong li').count() >= 3);
  }));
}

test('farmer: a wrong record is taken back, not edited', () => visit(farmer, async (page) => {
  await openForm(page, 'harvest');
  await pickFirst(page, '#f-crop');
  await page.fill('#f-weight', '99999');
  await assertSaved(page, await send(page), /99,?999/);
  const row = page.locator('table.list tbody tr').first();
  await Promise.all([page.waitForURL(/voided=1/), row.locator('form[action*="/records/void/"] button').click()]);
  assert.ok(await page.locator('.notice-success').isVisible());
  const after = page.locator('table.list tbody tr').first();
  assert.match(await after.textContent(), /99,?999/);
  assert.equal(await after.locator('.tag').count(), 1, 'it is marked, not removed');
  assert.equal(await after.locator('form').count(), 0, 'it cannot be taken back twice');
  await picture(page, 'farmer-voided-360');
}));

test('farmer: the label carries the Digital Link, on screen and on paper', () => visit({ ...farmer, deviceScaleFactor: 4 }, async (page) => {
  await openForm(page, 'harvest');
  await pickFirst(page, '#f-crop');
  await page.fill('#f-weight', '120');
  await assertSaved(page, await send(page), /120/);
  await page.locator('table.list tbody tr').first().locator('a[href$="/label"]').click();
  await page.waitForSelector('.label-code svg');
  const address = (await page.textContent('.label-text small')).trim();
  assert.ok(address.startsWith(`${origin}/01/`), address);
  assert.match(address, /\/01\/\d{14}\/10\/[^/]+$/);
  await page.locator('.label-code').screenshot({ path: `${screenshots}/label-code.png` });
  assert.equal(decode(`${screenshots}/label-code.png`), address);

  await page.emulateMedia({ media: 'print' });
  assert.ok(!await page.locator('.menu').isVisible(), 'no navigation on paper');
  const box = await page.locator('.label').boundingBox();
  assert.ok(Math.abs(box.width - 50 / 25.4 * 96) < 3 && Math.abs(box.height - 30 / 25.4 * 96) < 3,
    `50 × 30 mm on paper: ${box.width} × ${box.height} px`);
  await page.locator('.label').screenshot({ path: `${screenshots}/label-printed.png` });
  assert.equal(decode(`${screenshots}/label-printed.png`), address);
  await page.emulateMedia({ media: 'screen' });

  await go(page, new URL(address).pathname);
  assert.ok(await page.locator('.timeline > li').count() >= 1, 'the code leads to what she recorded');
}));

// What a person may not use is not shown to be there: the answer is that of an unknown page.
test('farmer: what is not hers to do is hidden', () => visit(farmer, async (page) => {
  await go(page, '/traceability/findings', 404);
  await go(page, '/admin/plugins', 404);
  await go(page, `${records}/new/nothing`, 404);
}));
