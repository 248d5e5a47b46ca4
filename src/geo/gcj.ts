import gcoord from 'gcoord'

/** [longitude, latitude] in degrees. */
type Position = [number, number]

/*
 * GCJ-02 is what Chinese web maps publish (AMap, Tencent, Google in China): WGS84 shifted by 100–700 m.
 * BD-09 is Baidu's, shifted once more. Outside China both equal WGS84.
 */

export const wgs84ToGcj02 = (p: Position): Position => gcoord.transform(p, gcoord.WGS84, gcoord.GCJ02)
export const wgs84ToBd09 = (p: Position): Position => gcoord.transform(p, gcoord.WGS84, gcoord.BD09)
export const gcj02ToWgs84 = (p: Position): Position =>
  inverse(wgs84ToGcj02, gcoord.transform(p, gcoord.GCJ02, gcoord.WGS84), p)
export const bd09ToWgs84 = (p: Position): Position =>
  inverse(wgs84ToBd09, gcoord.transform(p, gcoord.BD09, gcoord.WGS84), p)

/** The published inverses are good to decimetres; two more steps of the same iteration bring them below a millimetre. */
function inverse(forward: (p: Position) => Position, start: Position, goal: Position): Position {
  let [lon, lat] = start
  for (let step = 0; step < 3; step++) {
    const [x, y] = forward([lon, lat])
    lon += goal[0] - x
    lat += goal[1] - y
  }
  return [lon, lat]
}
