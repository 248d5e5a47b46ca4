type Words = [message: string, messageEn: string]

/** Why the system could not be settled, as a refusal. */
export function problemWords(problem: string, box: readonly number[], chosen?: string): Words {
  const [x = 0, y = 0] = box
  const example = `${Number(x.toFixed(6))}, ${Number(y.toFixed(6))}`
  switch (problem) {
    case 'SWAPPED_AXES':
      return [
        `经纬度疑似颠倒：第一个数像纬度（例如 ${example}），请选择「交换坐标」后重读`,
        `Longitude and latitude seem to be exchanged (${example}): choose "swap" and read again`,
      ]
    case 'METRES_NOT_DEGREES':
      return [
        `坐标像是米（例如 ${example}），不是经纬度，请选择投影坐标系（如国家2000 三度带）`,
        `Coordinates look like metres (${example}), not degrees: choose a projected system`,
      ]
    case 'METRES_UNKNOWN_ZONE':
      return [
        `坐标像是米（例如 ${example}），但看不出是哪个投影带，请选择坐标系`,
        `Coordinates look like metres (${example}) of an unknown zone: choose the system`,
      ]
    case 'DEGREES_NOT_METRES':
      return [
        `坐标像是经纬度（例如 ${example}），与所选的投影坐标系不符`,
        `Coordinates look like degrees (${example}), not the metres of the chosen system`,
      ]
    case 'UNKNOWN_CRS':
      return [
        `不认识的坐标系${chosen ? `：${chosen}` : ''}，请另选`,
        `Unknown coordinate system${chosen ? `: ${chosen}` : ''}, choose another`,
      ]
    default:
      return [
        `坐标超出范围（例如 ${example}），请检查坐标系`,
        `Coordinates out of range (${example}): check the coordinate system`,
      ]
  }
}

/** Why this system was taken. */
export function reasonWords(reason: string, source: string | null): Words {
  switch (reason) {
    case 'chosen':
      return ['由您选定', 'chosen by you']
    case 'stated':
      return [`文件注明${source ? `（${source}）` : ''}`, `named by the file${source ? ` (${source})` : ''}`]
    case 'contradiction':
      return ['文件注明的坐标系与坐标数值不符，按数值推断', 'the file names another, which its numbers belie']
    case 'magnitude':
      return ['文件没有注明，按坐标数值的大小推断', 'not named by the file, guessed from the size of the numbers']
    default:
      return [
        '文件没有注明，数值是经纬度，按 WGS84；互联网地图导出的可能是 GCJ-02 或 BD-09',
        'not named by the file: degrees, taken as WGS84; from a web map they may be GCJ-02 or BD-09',
      ]
  }
}
