// SPDX-License-Identifier: Apache-2.0
// What the demo says about itself in demo-access.json, and the codes of its stories.
import { readFileSync } from 'node:fs';

const access = JSON.parse(readFileSync(process.env.DALATE_ACCESS, 'utf8'));

export const origin = access.url;
export const accounts = access.accounts;
export const tokens = access.tokens;
export const screenshots = process.env.DALATE_SCREENSHOTS;

export const carp = '/01/09521234500018/10/CARP-1';
export const unknownCode = '/01/09521234500018/10/NOBODY';
export const malformedCode = '/01/O9521234500018/10/CARP-1';
export const wrongDigit = '/01/09521234500011/10/CARP-1';
export const millet = '09521234500032/MILLET-MIX';
export const doubtful = '/01/09521234500032/10/MILLET-2';
