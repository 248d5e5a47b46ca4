import { supabase } from './client'
import { type Failure, failureOf } from './rpc'

export interface NamedGrid {
  id: number
  code: string
  name: string
}

/** The grid that a link names by its code; null when there is none in the asker's scope. */
export async function gridNamed(code: string): Promise<{ grid: NamedGrid | null; failure: Failure | null }> {
  const { data, error, status } = await supabase()
    .from('grids')
    .select('id, code, name')
    .eq('code', code)
    .is('retired_at', null)
    .limit(1)
  if (error) return { grid: null, failure: failureOf(status, error) }
  return { grid: data[0] ?? null, failure: null }
}
