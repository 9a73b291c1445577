// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carp, doubtful, malformedCode, unknownCode, wrongDigit } from '../support/access.mjs';
import { go, phone, visit } from '../support/browser.mjs';
import { assertAccessible, assertNoSideways, assertSound, picture } from '../support/checks.mjs';

const han = /\p{Script=Han}/u;

async function assertTold(page) {
  assert.ok((await page.textContent('h1')).trim(), 'the product has a name');
  assert.ok(await page.locator('.facts > div').count() >= 3, 'grower, lot and number');
  assert.ok(await page.locator('.timeline > li').count() >= 3, 'a timeline from pond to shop');
  assert.ok(await page.locator('.timeline .step-missing').count() >= 1, 'the gap in the temperatures is said');
  assert.equal(await page.locator('.masthead .who').count(), 0, 'nobody is signed in');
}

test('citizen: a scanned code tells the lot from pond to shop, without sign-in, in less than 45 kB',
  () => visit({ viewport: phone }, async (page, context) => {
    const wire = await context.newCDPSession(page);
    await wire.send('Network.enable');
    let bytes = 0;
    const answers = [];
    wire.on('Network.responseReceived', (e) => answers.push(e.response.url));
    wire.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
    const response = await page.goto(carp, { waitUntil: 'networkidle' });
    assert.equal(response.status(), 200);
    await assertTold(page);
    assert.ok(answers.length >= 2, 'the page and what it loads were counted');
    assert.ok(bytes > 2000 && bytes < 45000, `${bytes} bytes over the wire for ${answers.length} answers`);
    console.log(`scan page: ${bytes} bytes in ${answers.length} answers`);
    await assertSound(page, 'scan', await response.text());
  }));

test('citizen: the scan page says the same without scripts',
  () => visit({ viewport: phone, javaScriptEnabled: false }, async (page) => {
    await go(page, carp);
    await assertTold(page);
    await picture(page, 'scan-without-scripts-360');
  }));

test('citizen: the scan page in English has no Chinese in its own words', () => visit({ viewport: phone }, async (page) => {
  await go(page, carp);
  await page.click('.languages a[lang="en"]');
  await page.waitForSelector('html[lang="en"]');
  assert.equal(new URL(page.url()).pathname, carp, 'the language is changed in place');
  await assertTold(page);
  // A certificate keeps the name that it was issued under; all else is the portal's.
  const own = await page.$$eval('h1, h2, .timeline h3, .facts dt, .chips dt, .skip, .lead, .panel li, .tools .tool',
    (all) => all.map((e) => e.textContent.trim()));
  assert.deepEqual(own.filter((text) => han.test(text)), []);
  await assertAccessible(page, 'scan in English');
  await assertNoSideways(page, 'scan in English');
  await picture(page, 'scan-en-360');
}));

test('citizen: large type in one action, and no sideways scrolling', () => visit({ viewport: phone }, async (page) => {
  await go(page, carp);
  await page.click('.tools a[href*="elder=on"]');
  await page.waitForSelector('html[data-elder]');
  assert.equal(new URL(page.url()).pathname, carp);
  await assertTold(page);
  const size = await page.$eval('main', (e) => parseFloat(getComputedStyle(e).fontSize));
  assert.ok(size >= 24, `${size} px`);
  await assertNoSideways(page, 'scan in large type');
  await picture(page, 'scan-elder-360');
}));

for (const [what, path, status, words] of [
  ['unknown', unknownCode, 404, /没有/],
  ['malformed', malformedCode, 400, /14|位|格式|写/],
  ['wrong check digit', wrongDigit, 422, /校验/],
]) {
  test(`citizen: a code that is ${what} has its own page and status ${status}`, () => visit({ viewport: phone }, async (page) => {
    const response = await go(page, path, status);
    assert.match(await page.textContent('main'), words);
    assert.ok(await page.locator('main a[href^="tel:"]').count() > 0, 'whom to call');
    await assertSound(page, `scan-${what.replaceAll(' ', '-')}`, await response.text());
  }));
}

test('citizen: records that do not fit together are said on the scan page', () => visit({ viewport: phone }, async (page) => {
  const response = await go(page, doubtful);
  assert.match(await page.textContent('#doubts'), /418 千克.*400 千克/);
  await assertSound(page, 'scan-doubtful', await response.text());
}));

test('citizen: a page that was only looked at has no form\'s word in its title', () => visit({}, async (page) => {
  await go(page, wrongDigit, 422);
  assert.doesNotMatch(await page.title(), /错误：/);
}));

test('citizen: the three faults do not share a heading', () => visit({}, async (page) => {
  const headings = new Set();
  for (const [path, status] of [[unknownCode, 404], [malformedCode, 400], [wrongDigit, 422]]) {
    await go(page, path, status);
    headings.add(await page.textContent('h1'));
  }
  assert.equal(headings.size, 3);
}));

test('citizen: a code typed by hand leads to its page; an empty one back to the question', () => visit({}, async (page) => {
  await go(page, '/traceability/');
  await page.fill('#f-code', carp);
  await page.click('main form button');
  await page.waitForURL((url) => url.pathname === carp);
  await assertTold(page);
}));
