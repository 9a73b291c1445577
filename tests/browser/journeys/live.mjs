// SPDX-License-Identifier: Apache-2.0
// Pages that are open follow what happens elsewhere, without a hand: a case that is moved, the notices that wait, a list
// to which somebody adds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { origin, tokens } from '../support/access.mjs';
import { go, visit } from '../support/browser.mjs';
import { assertSound } from '../support/checks.mjs';

const list = '/cases/hotline/call';
const changed = '[data-live-changed]';
const step = (name) => `[href$="/move/${name}"], form[action$="/move/${name}"] button`;

test('live: an open case says that it was moved, and the header counts the notice', () => visit({ as: 'citizen' }, async (citizen) => {
  await go(citizen, `${list}/open`);
  for (const [name, text] of [['title', '路面塌陷'], ['what', '学校门口路面塌陷'], ['phone', '13912345678']]) await citizen.fill(`[name="${name}"]`, text);
  await citizen.click('button[value="next"]');
  await citizen.click('main a[href^="/cases/hotline/call/"]');
  await citizen.waitForURL((url) => /\/call\/\d+$/.test(url.pathname));
  const filed = new URL(citizen.url()).pathname;
  const count = () => citizen.textContent('[data-live="unread"] [data-live-text]').then(Number);
  const before = await count();
  assert.equal(await citizen.locator(changed).isVisible(), false);
  await visit({ as: 'hotline_desk' }, async (page) => {
    await go(page, filed);
    await page.click(step('accept'));
    await page.click(step('assign'));
    assert.match(await page.textContent('.facts'), /办理中/);
  });
  await citizen.locator(changed).waitFor({ state: 'visible' });
  assert.match(await citizen.textContent('.facts'), /待受理/, 'the page is not taken from under its reader');
  await assertSound(citizen, 'live-case-changed');
  await visit({ as: 'hotline_handler' }, async (page) => {
    await go(page, filed);
    await page.click(step('handle'));
    await page.fill('[name="result"]', '已围挡并修复');
    await page.click('main form button[type="submit"]');
    assert.match(await page.textContent('.facts'), /待回访/);
  });
  await citizen.waitForFunction((was) => Number(document.querySelector('[data-live="unread"] [data-live-text]').textContent) > was, before);
  assert.equal(await citizen.locator('[data-live="unread"] .tag').isVisible(), true);
  await citizen.click(`${changed} a`);
  assert.match(await citizen.textContent('.facts'), /待回访/);
  assert.equal(await citizen.locator(changed).isVisible(), false);
}));

test('live: an open list of lots says that something was recorded', () => visit({ as: 'regulator' }, async (page) => {
  // The stream has begun once it has told how things stand: what comes after is news.
  const stream = page.waitForResponse((response) => new URL(response.url()).pathname === '/live');
  await go(page, '/traceability/lots');
  assert.equal((await stream).status(), 200);
  await page.waitForTimeout(500);
  assert.equal(await page.locator(changed).isVisible(), false);
  const answer = await fetch(`${origin}/traceability/epcis/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${tokens.traceability}` },
    body: JSON.stringify({
      '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
      type: 'ObjectEvent', eventTime: new Date(Date.now() - 60_000).toISOString(), eventTimeZoneOffset: '+08:00',
      action: 'OBSERVE', bizStep: 'receiving', epcList: [`urn:epc:id:sgtin:9521141.012345.${Date.now()}`],
    }),
  });
  assert.equal(answer.status, 201);
  await page.locator(changed).waitFor({ state: 'visible' });
  await assertSound(page, 'live-lots-changed');
}));
