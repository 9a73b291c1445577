// SPDX-License-Identifier: Apache-2.0
// Chromium, and pages in it that remember what went wrong: console errors, thrown errors, failed loads, breaches of the
// content security policy. `visit` opens a page of the portal as somebody and closes it afterwards.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { accounts, origin } from './access.mjs';

export const phone = { width: 360, height: 740 };
export const desk = { width: 1280, height: 900 };

let browser;
const sessions = new Map();

async function launched() {
  browser ??= await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--lang=zh-CN', ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
}

/// Fills in the form of /sign-in and sends it.
export async function signIn(page, role, back = '/') {
  await page.goto(`/sign-in?back=${encodeURIComponent(back)}`);
  await page.fill('#user', accounts[role].user);
  await page.fill('#password', accounts[role].password);
  await page.click('form.sign-in button');
  assert.equal(new URL(page.url()).pathname, back, `${role} is signed in and led back`);
}

async function open(options) {
  return (await launched()).newContext({ baseURL: origin, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: desk, ...options });
}

/// The cookies of a signed-in person, made once a run.
async function sessionOf(role) {
  if (!sessions.has(role)) {
    const context = await open({});
    const page = await context.newPage();
    await signIn(page, role);
    sessions.set(role, await context.storageState());
    await context.close();
  }
  return sessions.get(role);
}

function watch(page) {
  const faults = [];
  page.faults = faults;
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // A navigation that a new one replaces is cancelled; nothing was wrong with it.
    if (why !== 'net::ERR_ABORTED') faults.push(`not loaded: ${request.url()} ${why}`);
  });
  page.on('console', (message) => {
    // Chromium logs the status of a page that answers 4xx by design; the journey checks that status itself.
    const ownStatus = message.text().startsWith('Failed to load resource') && message.location().url === page.url();
    if (message.type() === 'error' && !ownStatus) faults.push(`console: ${message.text()}`);
  });
}

/// Runs `walk(page, context)` in a fresh context. `as` is a role of the demo; other options are Playwright's.
export async function visit({ as, ...options }, walk) {
  const context = await open({ ...(as ? { storageState: await sessionOf(as) } : {}), ...options });
  context.setDefaultTimeout(8000);
  // A policy breach is also a console error, but its event says which rule and which source.
  if (options.javaScriptEnabled !== false) {
    await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (breach) =>
      console.error(`policy: ${breach.violatedDirective} ${breach.blockedURI} ${breach.sample}`)));
  }
  const page = await context.newPage();
  watch(page);
  try {
    await walk(page, context);
    assert.deepEqual(page.faults, [], 'no console error, no failed load, no policy breach');
  } finally {
    await context.close();
  }
}

/// Opens `path` and demands `status`; gives Playwright's response.
export async function go(page, path, status = 200) {
  const response = await page.goto(path);
  assert.equal(response.status(), status, `status of ${path}`);
  return response;
}
