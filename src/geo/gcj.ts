import gcoord from 'gcoord'

/** [longitude, latitude] in degrees. */
type Position = [number, number]

/*
 * GCJ-02 is what Chinese web maps publish (AMap, Tencent, Google in China): WGS84 shifted by 100–700 m.
 * BD-09 is Baidu's, shifted once more. Outside China both equal WGS84.
 */

export const wgs84ToGcj02 = (p: Position): Position => gcoord.transform(p, gcoord.WGS84, gcoord.GCJ02)
export const wgs84ToBd09 = (p: Position): Position => gcoord.transform(p, gcoord.WGS84, gcoord.BD09)
export const gcj02ToWgs84 = (p: Position): Position => gcoord.transform(p, gcoord.GCJ02, gcoord.WGS84)
export const bd09ToWgs84 = (p: Position): Position => gcoord.transform(p, gcoord.BD09, gcoord.WGS84)
