import { pick, type Random } from '../random.ts'

/** Invented names: of people, and of firms. */
const SURNAMES = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
]
const GIVEN_FIRST = [...'建国志文明海永金玉春秀德立晓雪宏俊学长庆广福宝瑞振树凤桂丽艳淑红']
const GIVEN_SECOND = [...'军华强伟平勇杰涛斌生林峰民义忠辉鹏亮刚山成英兰芳霞敏静娟梅颖琴玲波洋超磊宁欣']
const FIRM_FIRST = [...'鑫恒盛宏泰瑞昌隆华兴旺顺通达亿丰源润嘉祥安康翔骏博远立信正']
const FIRM_SECOND = [...'源达泰盛隆宇辉昌荣和顺茂通力丰诚信阳晟鸿博远峰川海林']
const SHOP = [
  '鑫源',
  '便民',
  '兴旺',
  '老街',
  '福满',
  '顺达',
  '家和',
  '同福',
  '百姓',
  '祥和',
  '红火',
  '明珠',
  '四季',
  '阳光',
  '惠民',
  '金秋',
  '万家',
  '喜乐',
  '聚友',
  '春风',
  '云峰',
  '翠屏',
  '启明',
  '育英',
  '晨光',
  '博爱',
]

export function personName(next: Random): string {
  const second = next() < 0.78 ? pick(next, GIVEN_SECOND) : ''
  return pick(next, SURNAMES) + pick(next, GIVEN_FIRST) + second
}

export function firmWord(next: Random): string {
  return pick(next, FIRM_FIRST) + pick(next, FIRM_SECOND)
}

export function shopWord(next: Random): string {
  return pick(next, SHOP)
}

/** Numbers that belong to nobody: 139 0000 …, counted up. */
export function demoPhone(count: number): string {
  return `1390${String(count).padStart(7, '0')}`
}
