/** .prj texts as ArcGIS and QGIS write them. */
const CGCS2000 =
  'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
const XIAN1980 =
  'GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980",SPHEROID["Xian_1980",6378140.0,298.257]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
const BEIJING1954 =
  'GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954",SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
const WGS84 =
  'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'

function transverse(
  title: string,
  geographic: string,
  projection: string,
  meridian: number,
  easting: number,
  scale = 1,
) {
  return `PROJCS["${title}",${geographic},PROJECTION["${projection}"],PARAMETER["False_Easting",${easting}.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",${meridian}.0],PARAMETER["Scale_Factor",${scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
}

export const prj = {
  wgs84: WGS84,
  cgcs2000: CGCS2000,
  xian1980: XIAN1980,
  beijing1954: BEIJING1954,
  /** 3-degree zone with its number before the eastings. */
  gk3: (zone: number) =>
    transverse(`CGCS2000_3_Degree_GK_Zone_${zone}`, CGCS2000, 'Gauss_Kruger', zone * 3, zone * 1e6 + 5e5),
  gk3cm: (meridian: number) =>
    transverse(`CGCS2000_3_Degree_GK_CM_${meridian}E`, CGCS2000, 'Gauss_Kruger', meridian, 500_000),
  gk6: (zone: number) =>
    transverse(`CGCS2000_GK_Zone_${zone}`, CGCS2000, 'Gauss_Kruger', zone * 6 - 3, zone * 1e6 + 5e5),
  gk6cm: (meridian: number) => transverse(`CGCS2000_GK_CM_${meridian}E`, CGCS2000, 'Gauss_Kruger', meridian, 500_000),
  xianGk3: (zone: number) =>
    transverse(`Xian_1980_3_Degree_GK_Zone_${zone}`, XIAN1980, 'Gauss_Kruger', zone * 3, zone * 1e6 + 5e5),
  beijingGk6: (zone: number) =>
    transverse(`Beijing_1954_GK_Zone_${zone}`, BEIJING1954, 'Gauss_Kruger', zone * 6 - 3, zone * 1e6 + 5e5),
  utm: (zone: number) =>
    transverse(`WGS_1984_UTM_Zone_${zone}N`, WGS84, 'Transverse_Mercator', zone * 6 - 183, 500_000, 0.9996),
  webMercator: `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",${WGS84},PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]`,
  /** OGC's dialect with its authority, as QGIS and GeoServer write it. */
  epsg4549:
    'PROJCS["CGCS2000 / 3-degree Gauss-Kruger CM 120E",GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",120],PARAMETER["scale_factor",1],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","4549"]]',
  /** A provincial projection without a code here: two standard parallels. */
  lambert: `PROJCS["China_Lambert_Conformal_Conic",${CGCS2000},PROJECTION["Lambert_Conformal_Conic"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",105.0],PARAMETER["Standard_Parallel_1",30.0],PARAMETER["Standard_Parallel_2",62.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`,
}
