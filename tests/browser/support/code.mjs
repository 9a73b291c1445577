// SPDX-License-Identifier: Apache-2.0
// Reads a QR code back from a picture, as a stranger's phone would.
import { execFileSync } from 'node:child_process';

/// What Debian's zbarimg finds in a PNG file; throws when it finds nothing.
export function decode(file) {
  return execFileSync('zbarimg', ['--quiet', '--raw', '--oneshot', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
