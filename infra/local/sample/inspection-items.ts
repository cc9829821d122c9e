/**
 * The sample's lists of items to inspect (抽查事项清单), one for each authority: what every place is asked, and what its industry is asked
 * beside that. Written from the laws that each line names; a county's own list is longer.
 */
import type { DrawFamily } from '../../../shared/domain/draw-kind.ts';
import { type ItemNo, itemNo } from '../../../shared/domain/ids.ts';

export interface SampleItem {
  readonly no: ItemNo;
  readonly name: string;
  readonly subItem: string;
  readonly basis: string;
  readonly appliesTo: readonly string[];
  readonly kinds: readonly DrawFamily[];
  readonly way: string;
  readonly staff?: string;
}

/** Item | sub-item | basis: asked of everybody. */
const GENERAL = `
安全生产责任制|全员责任制建立与考核|《安全生产法》第二十二条
安全管理机构和人员|配备与履职|《安全生产法》第二十四条
安全教育培训|从业人员培训与考核档案|《安全生产法》第二十八条
风险分级管控|风险清单、公告栏和告知卡与现场相符|《安全生产法》第四十一条；德安办〔2016〕7号二(四)
隐患排查治理|排查频次、台账和闭环|《安全生产法》第四十一条；德安办〔2016〕7号二(五)
安全警示标志|设置与完好|《安全生产法》第三十五条
安全设备|维护、保养和定期检测|《安全生产法》第三十六条
劳动防护用品|配备与佩戴|《安全生产法》第四十五条
应急预案|制定、备案和演练|《安全生产法》第八十一条
`;

/** Industry (`area`: public areas) | item | sub-item | basis. */
const BY_INDUSTRY = `
area|公共区域风险管控|责任人到位、防护设施完好|德安办〔2016〕7号三(二)
area|应急通道和分流设施|畅通、标识清楚|《突发事件应对法》
non-coal-mine|露天采场边坡|台阶参数、浮石清理和监测|《金属非金属矿山安全规程》GB 16423
non-coal-mine|爆破作业|警戒、持证和民爆物品领退|《民用爆炸物品安全管理条例》
hazardous-chemicals|危险化学品储存|专用仓库、禁忌物分存|《危险化学品安全管理条例》第二十四条
hazardous-chemicals|可燃有毒气体报警|检定、联锁投用|《危险化学品安全管理条例》第二十条
hazardous-chemicals|特殊作业|动火、受限空间作业审批和监护|《安全生产法》第四十三条
fireworks|烟花爆竹储存|限量、间距和防雷防静电|《烟花爆竹安全管理条例》
fireworks|烟花爆竹经营|许可证、流向登记|《烟花爆竹安全管理条例》
road-traffic|营运车辆|动态监控和例行检查|《道路运输条例》
road-traffic|驾驶员|从业资格和疲劳驾驶管控|《道路运输条例》
construction|危险性较大的分部分项工程|专项方案和监护|《建设工程安全生产管理条例》第二十六条
construction|高处和临边防护|脚手架、洞口临边|《建设工程安全生产管理条例》第二十八条
oil-gas-pipeline|管道巡护|巡护记录、占压清理|《石油天然气管道保护法》第二十二条
oil-gas-pipeline|阴极保护和监测|投用与检测记录|《石油天然气管道保护法》
town-gas|燃气设施|巡查、检测和占压|《城镇燃气管理条例》
town-gas|入户安全检查|检查记录和隐患告知|《城镇燃气管理条例》
major-works|重大工程施工|度汛、支护和大型设备|《建设工程安全生产管理条例》
major-events|大型活动|安全方案、容量核定和疏散|《大型群众性活动安全管理条例》
civil-explosives|民用爆炸物品储存|双人双锁、值守和流向|《民用爆炸物品安全管理条例》
special-equipment|特种设备检验|定期检验和安全附件校验|《特种设备安全法》第四十条
special-equipment|特种设备作业人员|持证上岗|《特种设备安全法》第十四条
tourism|高风险游乐项目|设施检测和救生力量|《旅游法》第七十九条
fire-safety|疏散通道和安全出口|畅通、标志和应急照明|《消防法》第十六条
fire-safety|消防设施|自动报警、喷淋和消火栓完好|《消防法》第十六条
other|涉爆粉尘和有限空间|清扫、通风和审批|《工贸企业有限空间作业安全规定》
`;

const EVERY_KIND: readonly DrawFamily[] = ['RANDOM', 'SPECIAL', 'EXPERT', 'COMPREHENSIVE'];
/** What only somebody who knows the trade can judge. */
const STAFF = '两名以上执法人员，专家检查另配专家';

const lines = (table: string): string[] => table.split('\n').filter((line) => line !== '');

const itemOf = (line: string, index: number, appliesTo: readonly string[]): SampleItem => {
  const [name = '', subItem = '', basis = ''] = line.split('|');
  const no = itemNo(`T${String(index + 1).padStart(2, '0')}`);
  return { no, name, subItem, basis, appliesTo, kinds: EVERY_KIND, way: '现场检查、查阅资料', staff: STAFF };
};

/** The list of an authority that sees to these industries: the items of everybody first. */
export function sampleItems(industries: readonly string[]): SampleItem[] {
  const general = lines(GENERAL).map((line) => [line, ['*']] as const);
  const own = lines(BY_INDUSTRY).flatMap((line) => {
    const [industry = '', ...rest] = line.split('|');
    return industries.includes(industry) ? [[rest.join('|'), [industry]] as const] : [];
  });
  return [...general, ...own].map(([line, appliesTo], index) => itemOf(line, index, appliesTo));
}
