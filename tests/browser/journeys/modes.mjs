// SPDX-License-Identifier: Apache-2.0
// The same pages in the dark and in large type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carp } from '../support/access.mjs';
import { go, phone, visit } from '../support/browser.mjs';
import { assertNoSideways, assertSound } from '../support/checks.mjs';

const pages = [['home', '/'], ['scan', carp], ['form', '/traceability/records/new/harvest', 'farmer'],
  ['records', '/traceability/records', 'farmer'], ['trace', '/traceability/lots/09521234500032/MILLET-MIX', 'regulator']];

for (const [name, path, as] of pages) {
  test(`dark: ${name}`, () => visit({ as, colorScheme: 'dark' }, async (page) => {
    const response = await go(page, path);
    const paper = await page.$eval('body', (e) => getComputedStyle(e).backgroundColor);
    assert.ok(paper.match(/\d+/g).slice(0, 3).every((c) => Number(c) < 80), `dark paper: ${paper}`);
    await assertSound(page, `dark-${name}`, await response.text());
  }));

  test(`large type: ${name}`, () => visit({ as, viewport: phone }, async (page) => {
    await page.goto(`/preferences?elder=on&back=${encodeURIComponent(path)}`);
    assert.equal(new URL(page.url()).pathname, path);
    const { size, line } = await page.$eval('main', (e) => {
      const style = getComputedStyle(e);
      return { size: parseFloat(style.fontSize), line: parseFloat(style.lineHeight) };
    });
    assert.ok(size >= 24 && line / size >= 1.3, `${size} px on lines of ${line} px`);
    const small = await page.$$eval('.button, .tile, .person, .code, input:not([type="hidden"]), select, .tools a, .tool, .menu a, .colophon li a',
      (all) => all.map((e) => {
        const main = e.closest('main') && e.matches('.button-primary, .tile, .person, .code, input, select');
        return { e: `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 12)}`, high: e.getBoundingClientRect().height, least: main ? 60 : 44 };
      }).filter((t) => t.high > 0 && t.high < t.least - 0.5).map((t) => `${t.e}: ${t.high} < ${t.least} px`));
    assert.deepEqual(small, [], 'main targets 60 px, others 44 px');
    await page.setViewportSize({ ...phone, width: 320 });
    await assertNoSideways(page, `${name} in large type at 320 px`);
    await page.setViewportSize(phone);
    await assertSound(page, `elder-${name}`);
  }));
}
