// One demo county for all journeys that only look, or change what no other one reads; whoever changes more, wants
// `--empty` or a server to kill starts its own.
import type { TestProject } from 'vitest/node'
import { buildSite } from '../../supabase/local/build'
import { prepared } from '../../supabase/local/prepared'
import { startServer } from './server'

declare module 'vitest' {
  interface ProvidedContext {
    demoUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Made once, so that no server makes them for itself.
  await Promise.all([prepared('demo'), buildSite()])
  const server = await startServer()
  project.provide('demoUrl', server.url)
  return () => server.stop()
}
