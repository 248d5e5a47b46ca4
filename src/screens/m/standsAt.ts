/** A step does not wait longer for the place: it is good to have, not needed. */
const PATIENCE_MS = 2_500

/**
 * Where the person stands, [lon, lat] in WGS84 degrees, when they allowed it before and the phone knows it at once;
 * else null. Never asks for permission: that is for the report, which cannot do without.
 */
export async function standsAt(): Promise<[number, number] | null> {
  if (!('geolocation' in navigator) || !navigator.permissions) return null
  const allowed = await navigator.permissions.query({ name: 'geolocation' }).catch(() => null)
  if (allowed?.state !== 'granted') return null
  return new Promise((found) => {
    const timer = setTimeout(() => found(null), PATIENCE_MS)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        clearTimeout(timer)
        found([coords.longitude, coords.latitude])
      },
      () => found(null),
      { enableHighAccuracy: true, maximumAge: 60_000, timeout: PATIENCE_MS },
    )
  })
}
