/**
 * What the sample's enterprises have to do with: which risk points an industry has, and what an accident of a kind leads to and is
 * controlled by. Written for the sample from general knowledge of the trades; no real enterprise, place or register stands behind it.
 */
import type { Colour } from '../../../shared/domain/colour.ts';

export interface PointKind {
  readonly name: string;
  readonly workshop: string;
  readonly post: string;
  /** GB 6441-1986. */
  readonly accidents: readonly string[];
  readonly mainRisk: string;
  readonly possibleHazards: string;
  /** How grave it may be at most. */
  readonly gravest: Colour;
}

export interface Trade {
  readonly industry: string;
  readonly enterprises: number;
  readonly suffixes: readonly string[];
  readonly points: readonly PointKind[];
}

export interface AccidentKind {
  readonly consequences: string;
  readonly emergency: string;
  readonly isolation: string;
  readonly technical: string;
  readonly protection: string;
  readonly monitoring: string;
}

/** Code | consequences | emergency | isolation | technical | protection | monitoring */
const ACCIDENTS = `
01|人员砸伤、死亡|停止作业，撤离坠物区域，止血包扎并送医|划定警戒区，禁止人员在吊物和边坡下停留|设置防护棚和挡石网|佩戴安全帽|安排专人瞭望，班前检查浮石和堆垛
02|人员碾压、车辆损毁|立即停车，保护现场，抢救伤员并报警|人车分流，设置隔离墩|安装限速、倒车报警和盲区监测装置|穿反光背心|车辆动态监控平台在线巡查
03|人员绞伤、断肢|按下急停，切断电源，抢救伤员|传动部位加装防护罩|设置急停和联锁装置|穿紧身工作服，禁戴手套操作旋转部件|开机前点检防护罩和急停
04|人员砸伤、设备倾覆|停止起吊，撤离人员，抢救伤员|吊装区域拉设警戒线|安装限位、超载保护装置并定期检验|佩戴安全帽、防砸鞋|司索信号人员全程监护
05|人员触电、死亡|切断电源，使触电者脱离带电体，实施心肺复苏|配电柜上锁，带电体加绝缘隔板|装设漏电保护器和可靠接地|穿绝缘鞋、戴绝缘手套|每周测试漏电保护器，红外测温
06|人员溺水、死亡|抛投救生圈，组织施救并报警|临水侧设置护栏|设置救生设施和警示标志|穿救生衣|专人巡查，视频监控
07|人员烧烫伤|脱离热源，冷水冲洗，送医|高温表面加隔热层|设置温度联锁和喷淋洗眼装置|戴面罩和隔热手套|温度在线监测
08|人员伤亡、财产损失|切断火源和电源，用灭火器扑救，拨打119，疏散人员|动火区与可燃物隔离，设置防火分隔|设置自动灭火和消火栓系统|配备防毒面具和灭火器|火灾自动报警系统值守，每日防火巡查
09|人员坠落伤亡|停止作业，固定伤员，送医|临边洞口设置护栏和盖板|搭设合格脚手架，设置生命绳|系好安全带，佩戴安全帽|作业前检查脚手架和安全带挂点
10|人员掩埋、设备损毁|撤离人员，禁止盲目施救，报告并组织救援|按设计放坡，划定禁入区|设置支护和排水系统|佩戴安全帽|边坡位移监测，雨后专项巡查
11|人员掩埋、死亡|撤离人员，加固支护后施救|封闭采空区|采取锚杆、支架支护|佩戴矿帽|顶板离层监测，敲帮问顶
12|淹井、人员被困|撤至高处，启动排水，报告救援|留设防水矿柱|设置排水泵房和防水闸门|配备自救器|水位和涌水量监测
13|人员炸伤、飞石伤人|撤至警戒线外，盲炮由爆破员处理|爆破警戒距离内清场|采用中深孔爆破，电子雷管起爆|爆破员穿防静电服|爆破作业视频监控
14|人员伤亡、建筑损毁|撤离至安全距离，封锁现场，报警|分库存放，保持安全距离|设置防爆电气、避雷和防静电设施|穿防静电服和鞋|库区视频监控和温湿度监测
16|人员伤亡、厂房损毁|紧急停炉，撤离人员|锅炉房与人员密集场所隔开|安全阀、压力表、水位计定期校验|戴防护手套和护目镜|水位、压力在线监测，司炉工巡检
17|人员伤亡、设备损毁|关闭阀门，泄压，撤离人员|容器区与火源隔离|安全阀、压力表定期校验|戴护目镜|压力在线监测，定期检验
18|人员伤亡、设备损毁|切断气源，通风，撤离人员，报警|危险区域划定防爆区，禁止明火|设置可燃气体报警联锁切断|穿防静电服，使用防爆工具|可燃气体浓度在线监测
19|人员中毒、窒息死亡|撤离并佩戴空气呼吸器施救，通风，送医|受限空间封闭上锁，挂牌管理|作业前强制通风和气体检测|佩戴空气呼吸器|便携式气体检测仪全程监测
20|人员受伤|停止活动，救治伤员，报告|设置隔离栏|完善设施，定期维护|按岗位配备防护用品|每日巡查
`;

/** Name | workshop | post | accidents | main risk | what may go wrong | gravest colour; one block for each trade. */
const TRADES = `
# non-coal-mine 5 采石场 石料有限公司 砂石有限公司
采场高陡边坡|采矿车间|边坡巡查岗|10 01|边坡失稳坍塌|台阶超高、坡面有浮石、截排水沟堵塞|RED
爆破作业面|采矿车间|爆破岗|13 01|爆破飞石、盲炮伤人|警戒距离不足、盲炮未处理、无证作业|RED
民爆物品临时存放点|采矿车间|保管岗|14|雷管炸药爆炸|混放、超量、值守脱岗|RED
排土场|采矿车间|排土岗|10|排土场滑坡|超高堆排、未设挡土墙、雨后未巡查|ORANGE
凿岩作业点|采矿车间|凿岩岗|03 01|钻具绞伤、浮石坠落|未清浮石、防护罩缺失|YELLOW
运输道路长坡段|运输车间|驾驶岗|02|车辆失控坠坡|挡车墙缺失、制动失效、超速|ORANGE
颚式破碎机|加工车间|破碎岗|03 01|卷入、物料飞溅|防护罩缺失、带料检修未断电|YELLOW
皮带输送机|加工车间|输送岗|03|人员卷入|拉绳急停失效、跨越皮带|YELLOW
配电室|机电车间|电工岗|05 08|触电、电气火灾|绝缘垫缺失、线路老化|YELLOW
机修间|机电车间|机修岗|05 03 08|焊接火灾、机械伤害|气瓶间距不足、砂轮机无挡板|BLUE
# hazardous-chemicals 8 加油站有限公司 液化气储配站 化工经营部 油品仓储有限公司
埋地储罐区|储运车间|计量岗|08 18|油气泄漏遇火源爆炸|呼吸阀堵塞、静电接地断开、液位计失灵|RED
液化石油气球罐|储运车间|储罐岗|17 08|容器破裂、泄漏爆炸|安全阀未校验、紧急切断阀卡涩|RED
卸油作业区|储运车间|卸油岗|08 18|卸油静电起火|未接静电夹、未稳油、卸油口未密闭|ORANGE
充装间|充装车间|充装岗|17 08|超装、气瓶爆裂|超期气瓶充装、电子秤失准|ORANGE
加油机区|营业部|加油岗|08 02|加油区火灾、车辆碰撞|加油枪泄漏、顾客使用手机、车辆未熄火|YELLOW
危险化学品库房|储运车间|库管岗|08 19|泄漏、混存反应|禁忌物混存、通风不良、无泄漏收集|ORANGE
可燃气体报警系统|机电车间|仪表岗|18|报警失效致泄漏未发现|探头未标定、报警被屏蔽|YELLOW
站房配电间|机电车间|电工岗|05 08|触电、电气火灾|私拉电线、配电箱未封堵|BLUE
站房营业厅|营业部|收银岗|08|火灾|灭火器压力不足、通道堵塞|BLUE
柴油发电机房|机电车间|电工岗|08 05|燃油泄漏起火|油箱无围堰、排烟管未隔热|BLUE
# fireworks 3 烟花爆竹专营有限公司 烟花爆竹批发部
成品仓库|仓储车间|保管岗|14 08|烟花爆竹爆炸|超量储存、堆垛过高、温度超限|RED
装卸作业区|仓储车间|装卸岗|14|摔碰引爆|野蛮装卸、手机带入库区|ORANGE
配送车辆|运输车间|驾驶岗|14 02|运输途中爆炸|混装、未按路线行驶|ORANGE
库区防雷静电设施|机电车间|电工岗|14 05|雷击、静电引爆|接地电阻超标、防静电鞋未穿|YELLOW
库区消防水池|安保部|消防岗|08 06|火灾时无水|水位不足、水泵不能启动|YELLOW
值班室|安保部|值守岗|08 05|火灾、脱岗|大功率电器、夜间脱岗|BLUE
零售门店|营业部|营业岗|08 14|店内火灾爆炸|超量陈列、店内住人|YELLOW
库区围墙周边|安保部|巡逻岗|08|山火蔓延入库|防火隔离带杂草未清|BLUE
# road-traffic 7 客运有限公司 货运有限公司 出租汽车有限公司 危货运输有限公司
山区长下坡班线|运营部|驾驶岗|02|制动失效、坠崖|超速、疲劳驾驶、制动系统未检|RED
危险货物运输车辆|运营部|押运岗|02 08|泄漏、爆炸|紧急切断装置失效、押运员脱岗|RED
夜间长途班线|运营部|驾驶岗|02|疲劳驾驶碰撞|凌晨2时至5时未落地休息|ORANGE
雨雾天气出车|运营部|调度岗|02|能见度低碰撞|未发布预警、未停班|YELLOW
客运站发车区|站务部|站务岗|02 20|车辆碰撞旅客|人车混行、超员|YELLOW
行包安检口|站务部|安检岗|08 14|易燃易爆品进站|漏检、安检机故障|YELLOW
车辆维修间|维修车间|修理岗|03 08 02|车辆滑移、举升机坠落|未垫三角木、举升机保险失效|YELLOW
停车场|站务部|看场岗|02 08|车辆自燃、碰撞|间距不足、消防通道占用|BLUE
充电桩区|维修车间|电工岗|05 08|充电起火、触电|枪线破损、急停失效|YELLOW
动态监控室|运营部|监控岗|20|超速疲劳未及时处置|值守脱岗、设备离线|BLUE
# construction 6 建筑工程有限公司 建设项目部 装饰工程有限公司
深基坑|土建车间|施工员岗|10 09|基坑坍塌|超挖、支护变形、坑边堆载|RED
塔式起重机|机械车间|塔吊司机岗|04 01|倾覆、吊物坠落|限位失效、超载起吊、附着松动|RED
高大模板支撑|土建车间|架子工岗|10 09|模板坍塌|立杆间距超标、未验收浇筑|RED
外脚手架|土建车间|架子工岗|09 01|架体倒塌、人员坠落|连墙件缺失、脚手板未满铺|ORANGE
施工升降机|机械车间|升降机司机岗|04 09|吊笼坠落|防坠安全器超期、层门未关|ORANGE
临边洞口|土建车间|安全员岗|09|人员坠落|护栏缺失、盖板移位|YELLOW
临时用电|机电车间|电工岗|05 08|触电|一闸多机、电缆拖地、漏保失灵|YELLOW
动火作业点|机电车间|焊工岗|08 07|焊渣引燃|未办动火票、无看火人|YELLOW
钢筋加工棚|土建车间|钢筋工岗|03 05|机械伤害|防护罩缺失、接地断开|BLUE
工人宿舍|后勤部|宿管岗|08 05|火灾|私拉电线、使用大功率电器|YELLOW
材料堆场|后勤部|材料员岗|01|堆垛倒塌|超高堆放、无支垫|BLUE
# oil-gas-pipeline 2 输气管道管理站 成品油管道管理站
穿越河流管段|巡线车间|巡线岗|18 08|管道冲刷裸露破裂|埋深不足、水工保护损坏|RED
站场工艺区|运行车间|输气工岗|18 17|法兰泄漏、超压|安全阀未校验、法兰渗漏|RED
阀室|巡线车间|巡线岗|18 19|天然气积聚|通风不良、探头失效|ORANGE
第三方施工点|巡线车间|巡线岗|18|挖断管道|未签监护协议、标志桩缺失|ORANGE
阴极保护桩|巡线车间|防腐岗|18|管道腐蚀穿孔|电位不达标、测试桩损坏|YELLOW
清管收发球筒|运行车间|输气工岗|17 01|盲板飞出|带压开盲板、联锁缺失|ORANGE
站控室|运行车间|值班岗|20|超压未及时处置|报警屏蔽、脱岗|BLUE
放空立管|运行车间|输气工岗|18 08|放空着火|周边有明火、阻火器堵塞|YELLOW
# town-gas 3 城镇燃气有限公司 燃气管网有限公司
高中压调压站|运行车间|调压岗|18 17|超压送气、泄漏爆炸|切断阀失效、调压器膜片破损|RED
老旧庭院管网|管网车间|巡线岗|18|泄漏窜入密闭空间|管道腐蚀、占压未清|RED
餐饮用户|客服部|安检岗|18 08|室内泄漏爆炸|未装报警器、软管老化|ORANGE
地下阀井|管网车间|抢维修岗|19 18|中毒窒息、闪爆|未检测下井、无监护|ORANGE
居民用户|客服部|安检岗|18|室内泄漏|灶具无熄火保护、软管超期|YELLOW
管道施工保护段|管网车间|巡线岗|18|挖断燃气管|未交底、标识缺失|YELLOW
加臭装置|运行车间|调压岗|19|臭剂泄漏、漏加|加臭量不足、密封泄漏|YELLOW
抢险车辆|管网车间|抢维修岗|02|车辆故障延误|器材不全、未例检|BLUE
# major-works 2 水利枢纽项目部 公路工程项目部
隧道掘进面|土建车间|掘进岗|11 10|冒顶、突泥|超前支护不足、地质预报缺失|RED
跨河桥梁挂篮|土建车间|架桥岗|09 04|挂篮倾覆|锚固不足、超载|RED
高边坡开挖|土建车间|施工员岗|10 01|边坡坍塌|未分级开挖、排水不畅|ORANGE
炸药临时库|安保部|保管岗|14|爆炸|超量、双人双锁未落实|RED
拌合站|机械车间|拌合岗|03 01|机械伤害、料仓坍塌|检修未挂牌、料仓偏载|YELLOW
便道急弯段|机械车间|驾驶岗|02|车辆侧翻|无防撞墩、路面积水|YELLOW
龙门吊|机械车间|吊车司机岗|04|倾覆|夹轨器失效、大风未停|ORANGE
隧道通风|机电车间|通风岗|19|有害气体积聚|风机停机、未检测|YELLOW
营地临时用房|后勤部|宿管岗|08 10|火灾、滑坡|选址不当、易燃板房|YELLOW
# major-events 2 会展服务有限公司 文化活动策划有限公司
临时舞台|搭建车间|搭建岗|10 09|舞台坍塌|未按图搭设、未验收、大风未停用|ORANGE
观众聚集区|安保部|疏导岗|20|拥挤踩踏|超员、出口不足、无单向通道|RED
演出用电|机电车间|电工岗|05 08|触电、火灾|线缆裸露、无漏保|YELLOW
泼水活动水域|安保部|救生岗|06|溺水|护栏不足、救生员不足|ORANGE
焰火燃放区|安保部|燃放岗|14 08|焰火伤人|安全距离不足、风向改变|ORANGE
临时摊位|安保部|巡查岗|08 18|液化气泄漏起火|气瓶超期、间距不足|YELLOW
停车引导区|安保部|疏导岗|02|车辆碰撞行人|人车混行|BLUE
# civil-explosives 2 民用爆破服务有限公司 民爆物品储存有限公司
炸药库|仓储车间|保管岗|14|炸药爆炸|超量、混存、犬防技防失效|RED
雷管库|仓储车间|保管岗|14|雷管爆炸|静电、坠落、发放登记不清|RED
民爆运输车|运输车间|押运岗|14 02|运输中爆炸|混装、停靠人员密集处|ORANGE
爆破作业现场|爆破车间|爆破岗|13 01|早爆、飞石|警戒不到位、盲炮|RED
库区防雷|机电车间|电工岗|14|雷击引爆|接地电阻超标|YELLOW
销毁场|爆破车间|爆破岗|14 13|销毁时爆炸伤人|一次销毁超量、距离不足|ORANGE
库区值守|安保部|值守岗|20|脱岗被盗|双人值守未落实、视频故障|YELLOW
# special-equipment 5 电梯维保有限公司 锅炉供热有限公司 气体充装有限公司 冷链仓储有限公司
蒸汽锅炉|动力车间|司炉岗|16 07|锅炉爆炸|安全阀失灵、缺水、无证操作|RED
液氨制冷机房|制冷车间|制冷工岗|19 18|液氨泄漏中毒|阀门渗漏、报警失效|RED
储气罐|动力车间|压缩机岗|17|容器爆炸|安全阀超期、未排水|YELLOW
气瓶库|充装车间|库管岗|17 08|气瓶爆炸|空满混放、无防倒措施|ORANGE
载货电梯|维保车间|电梯工岗|04 09|坠落、挤压|门锁短接、超载|YELLOW
叉车作业区|仓储车间|叉车岗|02 01|碾压、货物坠落|无证驾驶、超速、视线遮挡|YELLOW
桥式起重机|维保车间|行车工岗|04|吊物坠落|钢丝绳断丝、限位失效|ORANGE
压力管道|动力车间|管道岗|17 07|管道破裂|腐蚀减薄、支架松动|YELLOW
冷库库房|制冷车间|库管岗|19 20|冻伤、被困|内开锁失效、无报警按钮|BLUE
# tourism 5 旅游开发有限公司 景区管理有限公司 漂流旅游有限公司
观景玻璃栈道|运营部|巡查岗|09|坠落|玻璃破损、超员、护栏松动|RED
漂流河段|水上车间|救生岗|06|翻艇溺水|涨水未停漂、救生衣未穿|ORANGE
游览观光车|运营部|驾驶岗|02|车辆失控|制动失效、超速|ORANGE
索道|运营部|索道岗|04 09|吊厢坠落、滞留|支索器磨损、大风未停|RED
登山步道|运营部|巡查岗|09 10|坠落、落石|护栏缺失、落石未清|YELLOW
游船码头|水上车间|码头岗|06|落水|跳板湿滑、超载|YELLOW
餐饮厨房|服务部|厨师岗|08 18|燃气泄漏起火|油烟道未清洗、无报警器|YELLOW
游客中心|服务部|讲解岗|20 08|拥挤、火灾|通道堵塞、应急灯失效|BLUE
林区步道|运营部|巡查岗|08|游客用火引发山火|禁火标志缺失、防火检查站脱岗|YELLOW
# fire-safety 6 大酒店 农贸市场管理有限公司 商贸城有限公司 珠宝批发市场有限公司
商铺密集区|经营部|巡查岗|08 20|火灾、踩踏|通道堆物、卷帘门下堆货|RED
地下车库|物业部|保安岗|08 19|车辆自燃、烟气|防烟失效、充电车辆违停|ORANGE
厨房|餐饮部|厨师岗|08 18|油锅起火、燃气泄漏|油烟道未清、报警器失灵|ORANGE
客房楼层|客房部|服务岗|08|火灾|疏散指示损坏、防火门常开|YELLOW
消防控制室|物业部|值班岗|20|报警未及时处置|单人值班、设备故障|YELLOW
配电房|物业部|电工岗|05 08|电气火灾|电缆沟未封堵、过负荷|YELLOW
电动自行车停放处|物业部|保安岗|08|充电起火|飞线充电、与建筑贴邻|YELLOW
货物仓库|经营部|库管岗|08 01|火灾、堆垛倒塌|超高堆垛、照明灯过近|YELLOW
疏散楼梯间|物业部|保安岗|20 08|疏散受阻|楼梯间堆物、应急灯损坏|BLUE
# other 4 木业有限公司 珠宝加工厂 食品有限公司 机械配件厂
木粉尘除尘系统|加工车间|除尘岗|18 08|粉尘爆炸|积尘未清、未装火花探测|RED
原木堆场|仓储车间|堆场岗|01 08|滚木伤人、火灾|无挡桩、消防通道占用|YELLOW
烘干窑|加工车间|烘干岗|08 07|窑内起火|超温、积屑|ORANGE
带锯机|加工车间|锯工岗|03|割伤|防护罩缺失|YELLOW
喷漆房|涂装车间|喷漆岗|08 18 19|漆雾闪爆、中毒|通风不足、非防爆电器|ORANGE
污水处理池|后勤部|污水工岗|19 06|硫化氢中毒、淹溺|未审批下池、无检测|ORANGE
包装线|加工车间|包装岗|03 05|夹伤|急停失效|BLUE
切割打磨间|加工车间|打磨岗|03 20|飞屑伤眼|无护目镜、砂轮裂纹|BLUE
成品库|仓储车间|库管岗|08 01|火灾、堆垛倒塌|堆垛超高|BLUE
办公楼|后勤部|行政岗|08 05|火灾|私拉电线|BLUE
`;

const fields = (line: string, count: number): string[] => {
  const parts = line.split('|').map((part) => part.trim());
  if (parts.length !== count || parts.includes(''))
    throw new Error(`the catalogue's line ${JSON.stringify(line)} has not ${count} parts`);
  return parts;
};

const lines = (table: string): string[] => table.split('\n').filter((line) => line.trim() !== '');

/** What an accident of a class (GB 6441-1986) leads to, and how it is kept from happening. */
export const ACCIDENT_KINDS: ReadonlyMap<string, AccidentKind> = new Map(
  lines(ACCIDENTS).map((line) => {
    const [code = '', consequences = '', emergency = '', isolation = '', technical = '', protection = '', monitoring = ''] =
      fields(line, 7);
    return [code, { consequences, emergency, isolation, technical, protection, monitoring }];
  }),
);

const isColour = (text: string): text is Colour => ['RED', 'ORANGE', 'YELLOW', 'BLUE'].includes(text);

function pointOf(line: string): PointKind {
  const [name = '', workshop = '', post = '', accidents = '', mainRisk = '', possibleHazards = '', gravest = ''] = fields(
    line,
    7,
  );
  if (!isColour(gravest)) throw new Error(`${gravest} is no colour`);
  return { name, workshop, post, accidents: accidents.split(' '), mainRisk, possibleHazards, gravest };
}

export const TRADES_OF_THE_SAMPLE: readonly Trade[] = TRADES.split(/^# /m)
  .filter((block) => block.trim() !== '')
  .map((block) => {
    const [head = '', ...points] = lines(block);
    const [industry = '', enterprises = '0', ...suffixes] = head.split(' ');
    return { industry, enterprises: Number(enterprises), suffixes, points: points.map(pointOf) };
  });

/** Public areas that belong to a township or, where one is named, to a department: name | township | department | accidents | risk | weakness | grade. */
const AREAS = `
姐告口岸联检广场|勐卯街道||20 02|人流高峰拥挤踩踏|缺少分流隔离、应急出口被占|ORANGE
城区农贸市场周边|勐卯街道||08 20|火灾、拥挤|占道经营、消防通道堵塞|YELLOW
泼水节活动广场|勐卯街道|WLJ|20 06|大型活动拥挤、溺水|人数未控、救生力量不足|RED
沿江步道临水段|勐卯街道||06|落水溺亡|护栏缺损、警示不足|YELLOW
进城路口学校路段|勐卯街道|JTJ|02|车辆碰撞学生|减速设施不足、上下学无疏导|ORANGE
畹町老桥桥头|畹町镇||02 10|桥头拥堵、护坡垮塌|限载标志缺失、护坡开裂|YELLOW
弄岛集镇主街|弄岛镇||02 08|赶集日人车混行|无临时管制、摊位占道|YELLOW
姐相水田灌渠|姐相镇||06|儿童落水|无护栏、无警示|BLUE
户育山区公路临崖段|户育乡|JTJ|02 10|车辆坠崖、落石|波形护栏缺失、边坡落石|ORANGE
勐秀林区防火卡点|勐秀乡||08|森林火灾|卡点脱岗、隔离带未清|YELLOW
瑞丽农场职工活动中心|瑞丽农场||08 05|火灾|线路老化、灭火器过期|BLUE
城区排水箱涵|勐卯街道|ZJJ|19 06|清淤中毒、内涝|未审批作业、井盖缺失|YELLOW
`;

export interface AreaKind {
  readonly name: string;
  readonly township: string;
  readonly department: string | undefined;
  readonly accidents: readonly string[];
  readonly mainRisk: string;
  readonly possibleHazards: string;
  readonly grade: Colour;
}

export const AREA_KINDS: readonly AreaKind[] = lines(AREAS).map((line) => {
  const [name = '', township = '', department = '', accidents = '', mainRisk = '', possibleHazards = '', grade = ''] =
    line.split('|');
  if (!isColour(grade)) throw new Error(`${grade} is no colour`);
  return {
    name,
    township,
    department: department || undefined,
    accidents: accidents.split(' '),
    mainRisk,
    possibleHazards,
    grade,
  };
});
