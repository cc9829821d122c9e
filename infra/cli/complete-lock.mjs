// `npm run lock`: writes package-lock.json, and completes it where the registry in reach does not carry the binaries of other
// platforms. npm then leaves those optional packages out of the lock file, and `npm ci` refuses such a lock file everywhere.
// An entry with its platform and exact version is enough: npm fetches it only on that platform.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

execFileSync('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { stdio: 'inherit' });

const PLATFORM =
  /(?:^|[-/])(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(\w+?)(?:-(gnu|musl|msvc|gnueabihf|musleabihf|eabi|gnueabi))?$/;
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const added = [];
for (const [place, { dev, optionalDependencies }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    const platform = PLATFORM.exec(name);
    if (platform === null || lock.packages[`node_modules/${name}`] || lock.packages[`${place}/node_modules/${name}`]) continue;
    const [, os, cpu, abi] = platform;
    const libc = abi?.startsWith('musl') ? ['musl'] : os === 'linux' ? ['glibc'] : undefined;
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(dev && { dev }),
      ...(libc && { libc }),
      optional: true,
      os: [os],
    };
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'The lock file is complete.' : `Added from their parents' exact versions: ${added.join(', ')}`);
