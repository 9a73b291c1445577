// SPDX-License-Identifier: Apache-2.0
// All journeys in one process with one browser, one after another: they share the daemon and its data.
import { after } from 'node:test';
import { closeBrowser } from './support/browser.mjs';

await import('./journeys/home.mjs');
await import('./journeys/citizen.mjs');
await import('./journeys/farmer.mjs');
await import('./journeys/regulator.mjs');
await import('./journeys/bureau.mjs');
await import('./journeys/hotline.mjs');
await import('./journeys/helpdesk.mjs');
await import('./journeys/holds.mjs');
await import('./journeys/lists.mjs');
await import('./journeys/operator.mjs');
await import('./journeys/jobs.mjs');
await import('./journeys/live.mjs');
await import('./journeys/keyboard.mjs');
await import('./journeys/modes.mjs');
await import('./journeys/pages.mjs');

after(closeBrowser);
