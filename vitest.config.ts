import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// Three kinds of test, each its own project:
//   unit      pure code, no database, no browser           (tests/**, mirrors src/)
//   database  rights, RPCs and the embedded backend        (supabase/tests/**, tests/local/**)
//   journeys  a person in a real browser                    (tests/journeys/**)
export default defineConfig({
  plugins: [vue()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/journeys/**', 'tests/local/**', 'tests/bench/**'],
          environment: 'node',
          // a whole county is made and drawn in some of them; a machine with other work takes its time
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          include: ['supabase/tests/**/*.test.ts', 'tests/local/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          // one process for all: the engine is compiled once, and a clean database is used again (local/testing.ts)
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          globalSetup: ['tests/journeys/globalSetup.ts'],
          include: ['tests/journeys/**/*.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          // one process for all: they share one browser (journeys/browser.ts)
          isolate: false,
        },
      },
    ],
  },
})
