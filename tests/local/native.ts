import { copyTemplate } from '../../supabase/local/nativeTemplate.ts'

/** A database of its own on the native server that SAFEGRID_TEST_DATABASE_URL names, if it names one. */
export async function nativeCopy(): Promise<{ url: string; drop(): Promise<void> } | undefined> {
  const url = process.env.SAFEGRID_TEST_DATABASE_URL
  return url ? copyTemplate(url, 'migrated') : undefined
}
