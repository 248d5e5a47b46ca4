// One demo county for all journeys that only look; a journey that changes data or wants `--empty` starts its own.
import type { TestProject } from 'vitest/node'
import { startServer } from './server'

declare module 'vitest' {
  interface ProvidedContext {
    demoUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  project.provide('demoUrl', server.url)
  return () => server.stop()
}
