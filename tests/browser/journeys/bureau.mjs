// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carp } from '../support/access.mjs';
import { go, visit } from '../support/browser.mjs';
import { picture } from '../support/checks.mjs';

const tile = '.tile[href^="/traceability"]';
const entry = '.menu a[href^="/traceability"]';

async function press(page, way) {
  await go(page, '/bureau/plugins');
  await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), page.click(`form[action="/bureau/plugins/traceability/${way}"] button`)]);
  await page.waitForSelector(`form[action="/bureau/plugins/traceability/${way === 'off' ? 'on' : 'off'}"]`);
}

async function asSeenBy(as, isOn) {
  await visit(as ? { as } : {}, async (page) => {
    await go(page, '/');
    assert.equal(await page.locator(tile).count() > 0, isOn, `tile for ${as ?? 'a passer-by'}`);
    if (as) assert.equal(await page.locator(entry).count() > 0, isOn, `menu for ${as}`);
    const status = (await page.goto('/traceability/')).status();
    assert.equal(status === 200, isOn, `/traceability/ answers ${status} to ${as ?? 'a passer-by'}`);
    const scan = (await page.goto(carp)).status();
    assert.equal(scan === 200, isOn, `the scan page answers ${scan}`);
    if (!isOn) await picture(page, `bureau-off-${as ?? 'visitor'}-1280`);
  });
}

test('bureau: her switch takes the service from her citizens at once, and gives it back', () => visit({ as: 'bureau_admin' }, async (page) => {
  await asSeenBy(undefined, true);
  try {
    await press(page, 'off');
    await picture(page, 'bureau-switched-off-1280');
    await asSeenBy(undefined, false);
    await asSeenBy('farmer', false);
  } finally {
    await press(page, 'on');
  }
  await asSeenBy(undefined, true);
  await asSeenBy('farmer', true);
}));

test('bureau: an audit row names who switched', () => visit({ as: 'auditor' }, async (page) => {
  await go(page, '/audit');
  const rows = await page.locator('table.list tbody tr').allTextContents();
  const switched = rows.filter((text) => /activation/.test(text) && /traceability/.test(text));
  assert.ok(switched.length >= 2, 'off and on');
  let name;
  await visit({ as: 'bureau_admin' }, async (hers) => {
    await go(hers, '/');
    name = (await hers.textContent('.who strong')).trim();
  });
  assert.ok(switched.every((text) => text.includes(name)), `rows name ${name}: ${switched[0]}`);
}));

test('bureau: nobody else reaches her page', () => visit({ as: 'farmer' }, async (page) => {
  await go(page, '/bureau/plugins', 404);
}));
