// What a person may ask of the backend without a page: signs in by password and calls functions.

/** A hand that calls RPCs as this person. */
export async function asPerson(url: string, email: string, password = 'safegrid-demo') {
  const config = (await (await fetch(`${url}/config.json`)).json()) as { publishableKey: string }
  const headers = { apikey: config.publishableKey, 'content-type': 'application/json' }
  const signed = await fetch(`${url}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  })
  const { access_token } = (await signed.json()) as { access_token?: string }
  if (!access_token) throw new Error(`${email} could not sign in: HTTP ${signed.status}`)
  return async function call<T>(name: string, args: Record<string, unknown> = {}): Promise<T> {
    const answer = await fetch(`${url}/rest/v1/rpc/${name}`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${access_token}` },
      body: JSON.stringify(args),
    })
    if (!answer.ok) throw new Error(`${name}: HTTP ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}
