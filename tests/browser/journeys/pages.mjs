// SPDX-License-Identifier: Apache-2.0
// Every page that no journey has checked on its way: sound on a phone and on a desk.
import { test } from 'node:test';
import { go, visit } from '../support/browser.mjs';
import { assertSound } from '../support/checks.mjs';

const pages = [
  ['home', '/'],
  ['home-farmer', '/', 'farmer'],
  ['sign-in', '/sign-in'],
  ['accessibility', '/accessibility'],
  ['privacy', '/privacy'],
  ['developers', '/developers'],
  ['not-found', '/nowhere', undefined, 404],
  ['hidden', '/admin/plugins', 'farmer', 404],
  ['sign-in-asked', '/bureau/plugins', undefined, [200, 401]],
  ['hello', '/hello/'],
  ['traceability', '/traceability/'],
  ['scan-mixed', '/01/09521234500032/10/MILLET-MIX'],
  ['scan-recalled', '/01/09521234500049/10/MUTTON-1'],
  ['scan-melon', '/01/09521234500025/10/MELON-1'],
  ['scan-product', '/01/09521234500018'],
  ['farmer-harvest', '/traceability/records/new/harvest', 'farmer'],
  ['farmer-pesticide', '/traceability/records/new/pesticide', 'farmer'],
  ['farmer-packing', '/traceability/records/new/packing', 'farmer'],
  ['farmer-dispatch', '/traceability/records/new/dispatch', 'farmer'],
  ['farmer-lots', '/traceability/lots', 'farmer'],
  ['farmer-label', '/traceability/lots/09521234500018/CARP-1/label', 'farmer'],
  ['cooperative-records', '/traceability/records', 'cooperative'],
  ['regulator-lots', '/traceability/lots', 'regulator'],
  ['bureau', '/bureau/plugins', 'bureau_admin'],
  ['operator', '/admin/plugins', 'operator'],
  ['audit', '/audit', 'auditor'],
];

for (const [name, path, as, status = 200] of pages) {
  test(`page ${name}${as ? ` as ${as}` : ''}`, () => visit({ as }, async (page) => {
    const response = Array.isArray(status) ? await page.goto(path) : await go(page, path, status);
    await assertSound(page, name, await response.text());
  }));

  test(`page ${name} in English`, () => visit({ as, locale: 'en' }, async (page) => {
    await page.goto(`/preferences?language=en&back=${encodeURIComponent(path)}`);
    await assertSound(page, `en-${name}`);
  }));
}
