const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      module: { type: 'es6' },
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022', experimental: { keepImportAttributes: true } },
    },
  ],
};
const project = (displayName, extra = {}) => ({
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform,
  ...extra,
});

export default {
  projects: [
    ...['unit', 'properties', 'workflows', 'infra'].map((name) => project(name)),
    project('integration', {
      globalSetup: '<rootDir>/test/support/local-cloud-setup.mjs',
      globalTeardown: '<rootDir>/test/support/local-cloud-teardown.mjs',
    }),
  ],
};
