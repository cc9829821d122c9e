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
  // Not .local: a cloud that runs beside the tests makes and removes files there while they are looked through.
  roots: ['functions', 'infra', 'shared', 'test', 'workflows'].map((folder) => `<rootDir>/${folder}`),
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
