/** The three sheets of a list: enterprises, their risk points, and public areas. Policy 一(三), 二(一), 二(二), 二(四), 三(二). */

import type { TownshipCode } from './ids.ts';
import {
  type Columns,
  choice,
  choices,
  credit,
  date,
  decimal,
  line,
  measures,
  names,
  number,
  participants,
  prose,
  type Row,
  telephone,
} from './import-columns.ts';

const SHORT = 100;
const LONG = 500;

const place = {
  place: line(200)('所在位置', {
    also: ['具体位置', '位置', '地点', '场所'],
    required: true,
    note: '写到别人找得到的程度',
    example: '厂区东侧 2 号储罐区',
  }),
  longitude: decimal(
    73,
    136,
    6,
  )('经度', { also: ['东经'], required: false, note: '可不填；填则经纬度都填，十进制度数', example: '97.855123' }),
  latitude: decimal(
    3,
    54,
    6,
  )('纬度', { also: ['北纬'], required: false, note: '可不填；填则经纬度都填，十进制度数', example: '24.012345' }),
} as const;

const factor = (heading: string, says: string) =>
  decimal(0, 1000, 3)(heading, { also: [], required: false, note: `${says}；只能取评价方法分值表列出的值`, example: '' });

/** What may stand in the column of major installations: a level, or only whether it is one. */
export type ImportedInstallation = 'yes' | 'no' | '1' | '2' | '3' | '4';

/** What the notice card and the register of the policy ask for, the same for an enterprise's point and for a public area. */
const risk = {
  identifiedOn: date('辨识日期', { also: ['辨识时间'], required: false, note: '例：2026-03-01', example: '2026-03-01' }),
  dimensions: choices((words) => words.dimensions)('辨识方面', {
    also: ['辨识维度'],
    required: true,
    note: '从五个方面中选，几个之间用顿号隔开',
    example: '设备设施、作业环境',
  }),
  participants: participants('参与辨识人员', {
    also: ['辨识人员'],
    required: true,
    note: '类别：姓名；几类之间用分号隔开',
    example: '岗位人员：张三；专家：李四',
  }),
  mainRisk: prose(LONG)('主要安全风险', {
    also: ['风险描述', '主要风险', '存在的安全风险'],
    required: true,
    note: '可能出什么事',
    example: '储罐泄漏遇明火发生火灾',
  }),
  accidents: choices((words) => words.accidents)('可能发生的事故类别', {
    also: ['事故类别', '事故类型'],
    required: true,
    note: '按 GB 6441，可写名称或代码',
    example: '火灾、其他爆炸',
  }),
  possibleHazards: prose(LONG)('可能引发的事故隐患', {
    also: ['可能引发事故隐患'],
    required: true,
    note: '哪些情况会使风险失控',
    example: '呼吸阀堵塞、静电接地断开',
  }),
  consequences: prose(LONG)('事故后果', {
    also: ['可能造成的后果', '后果'],
    required: true,
    note: '',
    example: '人员伤亡、设备损毁',
  }),
  majorInstallation: choice<ImportedInstallation>((words) => words.majorInstallations)('重大危险源', {
    also: ['是否重大危险源', '重大危险源级别', '是否构成重大危险源'],
    required: false,
    note: '填是、否，已定级的填级别；不填的，已登记的保持不变',
    example: '',
  }),
  installationNo: line(60)('重大危险源备案编号', {
    also: ['备案编号'],
    required: false,
    note: '已备案的重大危险源才填',
    example: '',
  }),
  method: choice<'LEC' | 'LS' | 'MES' | 'EXPERTS'>((words) => words.methods)('评价方法', {
    also: ['评估方法', '分级方法'],
    required: true,
    note: 'LEC、LS、MES 填因素分值；专家直接确定的填等级、专家姓名和理由',
    example: 'LEC',
  }),
  inherentL: factor('固有L', '采取管控措施前，事故发生的可能性（LEC、LS）'),
  inherentE: factor('固有E', '采取管控措施前，暴露的频繁程度（LEC、MES）'),
  inherentC: factor('固有C', '采取管控措施前，事故后果（LEC）'),
  inherentM: factor('固有M', '采取管控措施前，控制措施的状态（MES）'),
  inherentS: factor('固有S', '采取管控措施前，事故后果（LS、MES）'),
  inherentGrade: choice<'RED' | 'ORANGE' | 'YELLOW' | 'BLUE'>((words) => words.grades)('固有风险等级', {
    also: ['固有等级'],
    required: false,
    note: '专家直接确定的必填；按分值评定的可不填，填则须与分值相符',
    example: '',
  }),
  residualL: factor('现有L', '采取管控措施后，事故发生的可能性（LEC、LS）'),
  residualE: factor('现有E', '采取管控措施后，暴露的频繁程度（LEC、MES）'),
  residualC: factor('现有C', '采取管控措施后，事故后果（LEC）'),
  residualM: factor('现有M', '采取管控措施后，控制措施的状态（MES）'),
  residualS: factor('现有S', '采取管控措施后，事故后果（LS、MES）'),
  residualGrade: choice<'RED' | 'ORANGE' | 'YELLOW' | 'BLUE'>((words) => words.grades)('现有风险等级', {
    also: ['现有等级', '剩余风险等级', '风险等级'],
    required: false,
    note: '专家直接确定的必填；按分值评定的可不填，填则须与分值相符',
    example: '',
  }),
  experts: names('专家姓名', { also: ['评估专家'], required: false, note: '专家直接确定等级的必填', example: '' }),
  gradeReason: prose(LONG)('定级理由', { also: ['评定理由'], required: false, note: '专家直接确定等级的必填', example: '' }),
  isolation: measures(LONG)('隔离危险源措施', {
    also: ['隔离措施', '隔离危险源'],
    required: false,
    note: '每条一行，前面可写责任层级，如“车间：…”；四类措施至少填一类',
    example: '企业：设置防火堤',
  }),
  technical: measures(LONG)('技术手段措施', {
    also: ['技术措施', '采取技术手段', '工程技术措施'],
    required: false,
    note: '同上',
    example: '车间：每班检查静电接地',
  }),
  protection: measures(LONG)('个体防护措施', {
    also: ['个体防护', '实施个体防护'],
    required: false,
    note: '同上',
    example: '岗位：穿防静电工作服',
  }),
  monitoring: measures(LONG)('监控设施措施', {
    also: ['监控设施', '设置监控设施', '监测监控措施'],
    required: false,
    note: '同上',
    example: '班组：可燃气体报警器在线监测',
  }),
  emergency: prose(LONG)('应急措施', {
    also: ['应急处置措施'],
    required: true,
    note: '',
    example: '切断进料，启动泡沫灭火，疏散人员',
  }),
  reporting: line(200)('报告方式', {
    also: ['报告电话'],
    required: true,
    note: '出了事怎么报告、报告给谁',
    example: '立即报告值班室 0692-0000000，并拨打 119',
  }),
  responsible: line(SHORT)('责任人', {
    also: ['管控责任人', '责任人（岗位）'],
    required: true,
    note: '写岗位和姓名',
    example: '储运车间主任 王五',
  }),
} as const;

export const ENTERPRISE_COLUMNS = {
  uscc: credit('统一社会信用代码', {
    also: ['信用代码', '社会信用代码'],
    required: true,
    note: '18 位，照营业执照填写',
    example: '91533102MA6K000002',
  }),
  name: line(SHORT)('企业名称', {
    also: ['单位名称'],
    required: true,
    note: '照营业执照填写',
    example: '瑞丽市示例油品有限公司',
  }),
  township: choice<TownshipCode>((words) => words.townships)('所属乡镇', {
    also: ['乡镇', '乡镇（街道）', '所在乡镇', '所属乡镇（街道）'],
    required: true,
    note: '写名称或九位代码',
    example: '',
  }),
  industry: choice((words) => words.industries)('行业领域', {
    also: ['行业', '所属行业'],
    required: true,
    note: '从列出的行业中选',
    example: '危险化学品',
  }),
  supervisor: choice((words) => words.departments)('监管部门', {
    also: ['行业监管部门', '负有监管职责的部门'],
    required: false,
    note: '可不填，不填按行业确定',
    example: '',
  }),
  address: line(200)('地址', { also: ['详细地址', '住所', '生产经营地址'], required: false, note: '', example: '' }),
  head: line(40)('主要负责人', { also: ['负责人', '企业负责人'], required: true, note: '姓名', example: '赵六' }),
  headPhone: telephone('主要负责人电话', { also: ['负责人电话'], required: true, note: '', example: '0692-0000000' }),
  manager: line(40)('安全管理人员', { also: ['安全负责人', '安全管理员'], required: false, note: '姓名', example: '' }),
  managerPhone: telephone('安全管理人员电话', {
    also: ['安全负责人电话', '安全管理员电话'],
    required: false,
    note: '',
    example: '',
  }),
} as const satisfies Columns;

export const RISK_COLUMNS = {
  uscc: credit('统一社会信用代码', {
    also: ['信用代码', '社会信用代码'],
    required: true,
    note: '风险点所属企业',
    example: '91533102MA6K000002',
  }),
  no: number('风险点编号', {
    also: ['编号'],
    required: true,
    note: '企业内不重复；再次导入时凭它认出同一个风险点',
    example: 'R-001',
  }),
  name: line(SHORT)('风险点名称', { also: ['风险点'], required: true, note: '', example: '汽油储罐区' }),
  workshop: line(40)('车间', { also: ['所属车间', '车间（部门）'], required: false, note: '', example: '储运车间' }),
  team: line(40)('班组', { also: ['所属班组'], required: false, note: '', example: '' }),
  post: line(40)('岗位', { also: ['所属岗位'], required: false, note: '', example: '' }),
  ...place,
  ...risk,
} as const satisfies Columns;

export const AREA_COLUMNS = {
  township: choice<TownshipCode>((words) => words.townships)('所属乡镇', {
    also: ['乡镇', '乡镇（街道）', '所在乡镇', '所属乡镇（街道）'],
    required: true,
    note: '区域所在的乡镇，写名称或九位代码',
    example: '',
  }),
  no: number('区域编号', {
    also: ['编号', '公共区域编号'],
    required: true,
    note: '乡镇内不重复；再次导入时凭它认出同一个区域',
    example: 'A-001',
  }),
  name: line(SHORT)('区域名称', { also: ['公共区域名称'], required: true, note: '', example: '姐告大桥东侧边坡' }),
  owner: choice((words) => words.departments)('责任部门', {
    also: ['责任单位', '牵头部门'],
    required: false,
    note: '可不填，不填由所属乡镇负责',
    example: '',
  }),
  ...place,
  ...risk,
} as const satisfies Columns;

export type EnterpriseCells = Row<typeof ENTERPRISE_COLUMNS>;
export type RiskCells = Row<typeof RISK_COLUMNS>;
export type AreaCells = Row<typeof AREA_COLUMNS>;

export interface SheetForm<C extends Columns = Columns> {
  readonly id: SheetId;
  readonly name: string;
  /** Other names that a sheet of this kind goes by. */
  readonly also: readonly string[];
  readonly columns: C;
  /** What tells one row from another. */
  readonly key: readonly string[];
}

export const SHEET_IDS = ['enterprises', 'risks', 'areas'] as const;
export type SheetId = (typeof SHEET_IDS)[number];

const form = <const C extends Columns>(sheet: SheetForm<C>): SheetForm<C> => sheet;

export const SHEETS = {
  enterprises: form({
    id: 'enterprises',
    name: '企业',
    also: ['企业名录', '企业信息', '企业清单'],
    columns: ENTERPRISE_COLUMNS,
    key: ['uscc'],
  }),
  risks: form({
    id: 'risks',
    name: '风险点',
    also: ['风险清单', '安全风险清单', '风险点清单', '企业安全风险清单'],
    columns: RISK_COLUMNS,
    key: ['uscc', 'no'],
  }),
  areas: form({
    id: 'areas',
    name: '公共区域',
    also: ['公共区域风险', '公共区域风险清单', '区域风险清单'],
    columns: AREA_COLUMNS,
    key: ['township', 'no'],
  }),
} as const;

/** A column that counts the rows; nothing is read from it but the word that marks the template's example. */
export const COUNTING_HEADINGS = ['序号', '序 号', 'NO', 'NO.'];
export const EXAMPLE_MARK = '示例';
/** A sheet whose name says that it explains holds no rows. */
export const INSTRUCTION_SHEET = '填写说明';
