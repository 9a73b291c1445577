// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { millet } from '../support/access.mjs';
import { go, visit } from '../support/browser.mjs';
import { assertSound } from '../support/checks.mjs';

const regulator = { as: 'regulator' };

/// Table and drawing of one direction: items with quantities, in both.
async function assertSide(section, least, side) {
  const rows = section.locator('table.list tbody tr');
  assert.ok(await rows.count() >= least, `${side}: ${await rows.count()} rows of a table`);
  const amounts = await section.locator('tbody td.num').allTextContents();
  assert.ok(amounts.some((text) => /\d.*(千克|kg)/.test(text)), `${side}: quantities`);
  const holders = await section.locator('tbody tr td:last-child').allTextContents();
  assert.ok(holders.some((text) => text.trim()), `${side}: holders are named`);
  const svg = section.locator('.drawing svg');
  assert.equal(await svg.count(), 1, `${side}: a drawing`);
  assert.ok((await svg.locator('title').first().textContent()).trim(), `${side}: the drawing has a name`);
  assert.ok(await svg.locator('text').count() >= 2, `${side}: the drawing names lots`);
  const box = await svg.boundingBox();
  assert.ok(box.width > 100 && box.height > 40, `${side}: the drawing is seen`);
}

test('regulator: from the list of lots to one lot', () => visit(regulator, async (page) => {
  await go(page, '/');
  await page.click('.menu a[href$="/traceability/lots"]');
  await page.waitForSelector('table.list');
  const first = page.locator('table.list tbody a').first();
  await Promise.all([page.waitForURL(/\/traceability\/lots\/\d{14}\/[^/]+$/), first.click()]);
  assert.ok(await page.locator('main section').count() >= 2);
}));

test('regulator: a mixed lot backwards to its sources, and from a source forwards through the mix',
  () => visit(regulator, async (page) => {
    const response = await go(page, `/traceability/lots/${millet}`);
    const sides = page.locator('main > section:not(.panel)');
    assert.equal(await sides.count(), 2);
    await assertSide(sides.nth(0), 3, 'backwards');
    const shares = await sides.nth(0).locator('tbody tr').allTextContents();
    for (const share of ['60%', '30%', '10%']) assert.ok(shares.some((row) => row.includes(share)), `a source with ${share}`);
    const onward = await sides.nth(1).locator('tbody').textContent();
    assert.match(onward, /超市/, 'who holds it now');
    for (const bag of ['MILLET-BAG-1', 'MILLET-BAG-2']) assert.ok(onward.includes(bag), `split into ${bag}`);
    await assertSound(page, 'regulator-trace', await response.text());

    await Promise.all([page.waitForURL(/\/traceability\/lots\/\d{14}\/FARM-A$/), sides.nth(0).locator('tbody a').first().click()]);
    await assertSide(sides.nth(1), 2, 'forwards');
    assert.match(await sides.nth(1).locator('tbody').textContent(), /MILLET-MIX/);
    await assertSound(page, 'regulator-trace-forward');
  }));

test('regulator: the walk from lot to lot needs no scripts', () => visit({ ...regulator, javaScriptEnabled: false }, async (page) => {
  await go(page, `/traceability/lots/${millet}`);
  assert.ok(await page.locator('.drawing svg').first().isVisible());
  await Promise.all([page.waitForURL(/FARM-A$/), page.locator('.drawing svg a').filter({ hasText: 'FARM-A' }).first().click()]);
  assert.ok(await page.locator('h1').isVisible());
}));

test('regulator: findings are listed and can be narrowed', () => visit(regulator, async (page) => {
  const response = await go(page, '/traceability/findings');
  await assertSound(page, 'regulator-findings', await response.text());
  const rows = await page.locator('table.list tbody tr').allTextContents();
  for (const mistake of ['产出多于投入', '同时在两个包装里', '取出了没有放进去的东西'])
    assert.ok(rows.some((row) => row.includes(mistake)), `the demo's mistake is listed: ${mistake}`);
  const value = await page.$eval('#f-rule option:nth-child(2)', (o) => o.value);
  await page.selectOption('#f-rule', value);
  await page.click('main form button');
  await page.waitForURL(/rule=/);
  assert.equal(await page.inputValue('#f-rule'), value);
}));

test('regulator: a lot that nobody recorded is not found', () => visit(regulator, async (page) => {
  await go(page, '/traceability/lots/09521234500032/NOBODY', 404);
}));
