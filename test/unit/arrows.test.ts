/** Who may import whom, and what no file may do: the architecture as a table that fails when an arrow points back. */
import { importsOf, type Source, sourcesOf, withoutComments } from '../support/sources.ts';

const files = sourcesOf('shared', 'functions', 'workflows', 'infra');

/** The layer of a path: each function is one of its own. */
const layerOf = (path: string): string => /^(?:(?:shared|functions)\/[^/]+|[^/]+)/.exec(path)?.[0] ?? path;
const kindOf = (layer: string): string => layer.replace(/^functions\/.*/, 'functions');

/** Every layer may import itself, and of the others these. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'shared/domain': [],
  'shared/draw': [],
  'shared/archive': ['shared/domain', 'shared/draw'],
  'shared/channels': ['shared/domain'],
  'shared/exchange': ['shared/domain', 'shared/draw'],
  'shared/policy': ['shared/domain', 'shared/draw'],
  'shared/runtime': ['shared/domain'],
  'shared/data': [
    'shared/domain',
    'shared/draw',
    'shared/archive',
    'shared/channels',
    'shared/exchange',
    'shared/policy',
    'shared/runtime',
  ],
  workflows: ['shared/domain', 'shared/draw', 'shared/archive', 'shared/policy', 'shared/runtime', 'shared/data'],
  functions: [
    'shared/domain',
    'shared/draw',
    'shared/archive',
    'shared/channels',
    'shared/exchange',
    'shared/policy',
    'shared/runtime',
    'shared/data',
    'workflows',
  ],
  infra: [
    'shared/domain',
    'shared/draw',
    'shared/archive',
    'shared/channels',
    'shared/exchange',
    'shared/policy',
    'shared/runtime',
    'shared/data',
    'workflows',
    'functions',
  ],
};

/** What the infrastructure knows of a function: its routes and its environment. Its code is an entry path. */
const SEEN_BY_INFRA = /^functions\/[^/]+\/(?:api|environment)\.ts$/;

/** What tests stand on is theirs alone, but for the receivers, to which the sample month sends as tests do. */
const SEEN_OF_TESTS = /^test\/support\/receivers\//;
const SEES_RECEIVERS = /^infra\/local\/sample\//;
const isTestsOwn = (path: string, from: string): boolean =>
  from.startsWith('test/') && !(SEES_RECEIVERS.test(path) && SEEN_OF_TESTS.test(from));

const isOfProject = (from: string): boolean => Object.hasOwn(MAY_IMPORT, kindOf(layerOf(from)));

/** The faults of a file's imports, in words. */
function faultsOf(file: Source): string[] {
  const layer = layerOf(file.path);
  return importsOf(file).flatMap((from) => {
    if (isTestsOwn(file.path, from)) return [`${file.path}: imports ${from}`];
    if (!isOfProject(from)) return layer === 'shared/domain' ? [`${file.path}: the domain imports ${from}`] : [];
    const to = layerOf(from);
    if (to === layer) return [];
    if (!MAY_IMPORT[kindOf(layer)]?.includes(kindOf(to))) return [`${file.path}: ${layer} must not import ${to}`];
    return layer === 'infra' && kindOf(to) === 'functions' && !SEEN_BY_INFRA.test(from) ? [`${file.path}: imports ${from}`] : [];
  });
}

/** The places of a pattern in the files, comments left out. */
const placesOf = (pattern: RegExp, among: readonly Source[]): string[] =>
  among.flatMap(({ path, text }) =>
    withoutComments(text)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );

test('every file stands in a layer, and every layer has files', () => {
  expect([...new Set(files.map(({ path }) => kindOf(layerOf(path))))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test('no import points back, and functions do not import each other', () => {
  expect(files.flatMap(faultsOf)).toEqual([]);
});

test.each([
  ['shared/domain/hazard.ts', "import * as z from 'zod';"],
  ['shared/domain/hazard.ts', "export { policyFor } from '../policy/load.ts';"],
  ['shared/domain/draw.ts', "import { drawIdOf } from '../draw/announcement.ts';"],
  ['shared/channels/wecom.ts', "import { now } from '../runtime/clock.ts';"],
  ['shared/exchange/tables.ts', "import { csvView } from '../runtime/list-file/write-csv.ts';"],
  ['shared/archive/entry.ts', "import { policyFor } from '../policy/load.ts';"],
  ['shared/draw/codes.ts', "import { instant } from '../domain/calendar.ts';"],
  ['shared/policy/load.ts', "import '../data/commit.ts';"],
  ['shared/runtime/event-bus.ts', "const data = await import('../data/commit.ts');"],
  ['shared/data/commit.ts', "import { handler } from '../../functions/serve-ledger/handler.ts';"],
  ['functions/serve-ledger/handler.ts', "import {\n  routes,\n} from '../serve-checks/api.ts';"],
  ['workflows/hazard-rectification/contract.ts', "import { environment } from '../../functions/open-stage/environment.ts';"],
  ['infra/stacks/service-stack.ts', "import { handler } from '../../functions/serve-ledger/handler.ts';"],
  ['infra/local/cloud.ts', "import { startReceivers } from '../../test/support/receivers/receivers.ts';"],
  ['infra/local/sample/run.ts', "import { memoryTables } from '../../../test/support/memory-tables.ts';"],
])('an arrow that points back from %s is seen', (path, text) => {
  expect(faultsOf({ path, text })).toHaveLength(1);
});

test('no partition is written out: what runs in aws runs in aws-cn', () => {
  expect(placesOf(/arn:aws/, files)).toEqual([]);
});

test('no region is written out but in a deployment and for the local cloud, which has but one', () => {
  const elsewhere = files.filter(({ path }) => !/^infra\/(?:deployments|local)\//.test(path));
  expect(placesOf(/['"`:.](?:us|cn|eu|ap)-(?:gov-)?[a-z]+-\d\b/, elsewhere)).toEqual([]);
});

test('only the clock asks what time it is, and nothing that runs in the cloud rolls dice but for salts', () => {
  const running = files.filter(({ path }) => !path.startsWith('infra/'));
  const asked = (pattern: RegExp) => [...new Set(placesOf(pattern, running).map((place) => place.split(':')[0]))];
  expect(asked(/\bDate\.now\b|\bnew Date\(\)|\bDate\(\)|\bperformance\.now\b/)).toEqual(['shared/runtime/clock.ts']);
  const dice = /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\brandomInt\b|\bgetRandomValues\b|\brandomFill(?:Sync)?\b/;
  expect(asked(dice)).toEqual(['shared/runtime/chance.ts']);
});
