/**
 * What stands in every bundle for whoever opens it: README.md and README.zh.md. Python and openssl are all that they ask for; their commands
 * are run as they stand here by `test/unit/bundle-openssl.test.ts`.
 */
import type { Day } from '../domain/calendar.ts';
import type { ExportKind } from '../domain/export.ts';
import type { CountyCode, ExportId } from '../domain/ids.ts';

/** What is said of a bundle in its README. */
export interface DescribedBundle {
  readonly id: ExportId;
  readonly county: CountyCode;
  readonly kind: ExportKind;
  readonly from: Day;
  readonly to: Day;
  readonly first: number;
  readonly end: number;
  readonly treeSize: number;
  readonly events: number;
  readonly complete: boolean;
  readonly origin: string;
}

const OPENSSL = `KEY='<key>'
D=$(mktemp -d)
{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; printf '%s' "$KEY" | cut -d+ -f3- | openssl base64 -d -A | tail -c 32; } > "$D/key.der"
sed '/^$/,$d' log/checkpoint > "$D/text"
sed '1,/^$/d' log/checkpoint | head -n 1 | cut -d' ' -f3 | openssl base64 -d -A | tail -c 64 > "$D/signature"
openssl pkeyutl -verify -pubin -keyform DER -inkey "$D/key.der" -rawin -in "$D/text" -sigfile "$D/signature"`;

const TIME = 'openssl ts -verify -in checkpoint.tsr -data log/checkpoint -CAfile tsa.pem';

const KINDS: Readonly<Record<ExportKind, readonly [english: string, chinese: string]>> = {
  day: ['the bundle of a day', '日导出包'],
  month: ['the bundle of a month', '月导出包'],
  range: ['a bundle of some days, made on request', '按需导出包（一段日期）'],
  enterprise: ['a bundle of one enterprise, made on request', '按需导出包（一家企业）'],
  hazard: ['a bundle of one hazard, made on request', '按需导出包（一条隐患）'],
  record: ['a bundle of one event, made on request', '按需导出包（一条记录）'],
};

const english = (of: DescribedBundle): string => `# ${of.id}: sealed events of county ${of.county}

This folder is ${KINDS[of.kind][0]} (format \`sxj-export-1\`), ${of.from} to ${of.to}: ${of.events} events out of places ${of.first} to ${of.end} (the last not included) of the
county's log \`${of.origin}\`. The log is append-only and its head is signed. You need not trust whoever gave you this folder: everything below can be checked with
Python 3.8 or later and openssl, without a network.

## Verify

Take the county's verifier key (\`name+id+key\`) from the gazette or the county's website, **not from this folder**, and put it in the place of \`<key>\`:

\`\`\`sh
sha256sum -c SHA256SUMS
python3 -I verify.py . --vkey '<key>'
\`\`\`

On a Mac the first line is \`shasum -a 256 -c SHA256SUMS\`. \`verify.py\` ends with "Yes" and 0, or with the first thing that is wrong and 1. It came with the folder, so a forger could have
replaced it: read it, or compare: its copies in all bundles of one version are the same; run one that you trust on this folder from outside (\`python3 -I /path/to/verify.py .\`).

- \`--previous FOLDER\`: that this bundle goes on where the one before of its kind ends. \`verify.py FOLDER FOLDER …\`: a whole series, none left out.
- \`--salts FILE\`: that personal data handed to you (\`salts.jsonl\`, never in a bundle) is what the events commit to.
- \`--closed-by FOLDER\`: that the log itself has the manifest of this bundle. FOLDER is the bundle of the day on which this one was closed (for a day: the next one).
- \`--checkpoint FILE\`, \`--root SIZE:HEX\`: that the log is the one that others saw: a checkpoint of a witness, of an older bundle or as somebody kept it of \`/public/log/checkpoint\`, or a size and a root.
- \`--witness KEY\`: that a witness (the provincial archive, a notary) has cosigned \`log/checkpoint\`. Where it has not, the checkpoint that the witness itself keeps says the same (\`--checkpoint\`).

The signature alone, by openssl 3 (of several signatures the first; the others stand below it):

\`\`\`sh
${OPENSSL}
\`\`\`

Where there is a time-stamp token (\`checkpoint.tsr\`), with the certificate of its authority (\`tsa.pem\`), **from the authority and not from this folder**:

\`\`\`sh
${TIME}
\`\`\`

## What is in it

| file | what it is |
|---|---|
| \`county=…/colour=…/date=…/events.jsonl.gz\` | **the record**: one event a line, canonical JSON (RFC 8785), under its own colour and date; further parts have a number |
| \`large/<sha256>.json\` | data of an event that is too long for its line, which names it by its hash |
| \`evidence.jsonl\` | photos and documents that the events name, by the hash of their content |
| \`views/\` | the same events as CSV, XLSX and Parquet, for reading and counting; **not the record**. In a CSV, texts have an apostrophe in front that a spreadsheet would take for a formula, and a tab, which nobody sees, that it would take for a number or a day; neither is part of the text |
| \`state/\` | how everything stood at the midnight that ends the last day, computed from the events; those of the bundle that happened after it are in \`state/carried.jsonl.gz\` and come first in the next state, those that came late are in the first state after they came; **not the record** |
| \`policy.json\` | the county's name and the policy by which state, form and exchange tables are computed again (\`npm run verify -- state\`); days and months only |
| \`log/checkpoint\`, \`log/vkey\` | the signed head of the log (C2SP tlog-checkpoint), and the keys that it is said to be signed by |
${
  of.complete
    ? `| \`log/tile/\`, \`log/checkpoint.previous\` | hashes of the Merkle tree (RFC 6962, C2SP tlog-tiles) that lead from each event to the head, and the head of the bundle before |`
    : `| \`proofs/<index>.tlog-proof\` | for each event the hashes that lead to the head (C2SP tlog-proof); a proof and its line can be handed on alone |`
}
| \`manifest.json\`, \`SHA256SUMS\` | every file with size and hash; the manifest names that of the bundle before it |

Personal data stands as \`sxj-pii-1:…\`, a commitment that says nothing without its salt. It can be removed without a proof breaking.

## What this proves, and what it cannot

A passed check proves that every event stands in the signed log at its place, unchanged${
  of.complete
    ? `, that none of the places ${of.first} to ${of.end} is left out, and that the log only grew since the bundle before.

**It is complete in places of the log, never in days.** A day ends in the log at the first event that was recorded a quarter of an hour or more after its midnight. What was sealed later stands in a later
bundle, under its own date: for all events of some days take the bundles after them, too. The days and the places are this folder's own words: whoever cuts it short, even to nothing, and makes
manifest and sums anew, is refused only by the log, which holds the hash of the true manifest. \`verify.py\` says the dates that the events have and how many sealed events after the last place are not
shown (here ${of.treeSize - of.end}); \`--closed-by\` says whether the manifest is the true one.`
    : `, each by a proof of its own.
It cannot prove that nothing was left out: not even of what it is about. Ask for complete bundles (day, month, range), which show every event of their places.`
}

It cannot prove:

- **that there is nothing newer.** Whoever hides the newest events and shows an older, true state is caught only from outside: by the next manifest, by a witness, or by a checkpoint that somebody kept of \`/public/log/checkpoint\`. Compare with one (\`--checkpoint\`).
- **whose key it is.** Without \`--vkey\` the key is the bundle's own, which a forger chooses.
- **range, days, views, state, texts and sizes of evidence, of a bundle alone.** They are bound by the manifest alone, and the manifest by the log: the bundle of the day on which this one was closed holds its hash (\`ExportClosed\`). Verify the two together (\`--closed-by\`, or a series).
- **that a key was still in use**, where the event that retired it lies in no bundle given: take the keys with their validity from the county's site.
- **that what people wrote is true.** It proves who wrote what, when, and that nobody changed it since.
`;

const chinese = (of: DescribedBundle): string => `# ${of.id}：${of.county} 县封存台账导出包

本文件夹是${KINDS[of.kind][1]}（格式 \`sxj-export-1\`），${of.from} 至 ${of.to}：县台账日志 \`${of.origin}\` 第 ${of.first} 至 ${of.end} 位（不含末位）中的 ${of.events} 条事件。
日志只增不改，其检查点有数字签名。核验不需要信任提供者，也不需要联网，只需 Python 3.8 以上和 openssl。

## 核验方法

公钥（\`name+id+key\`）请取自公告或县官网，**不要取自本文件夹**，代入 \`<key>\`：

\`\`\`sh
sha256sum -c SHA256SUMS
python3 -I verify.py . --vkey '<key>'
\`\`\`

苹果电脑第一行用 \`shasum -a 256 -c SHA256SUMS\`。\`verify.py\` 通过时显示 “Yes … 验证通过”，退出码 0；不通过时指出第一处问题，退出码 1。
程序随包提供，可能被替换：请通读，或用您信任的同一版本副本在包外运行（\`python3 -I /路径/verify.py .\`）。

- \`--previous 文件夹\`：核验本包与同类上一包首尾相接。\`verify.py 文件夹 文件夹 …\`：核验整个系列，无一遗漏。
- \`--salts 文件\`：核验另行提供的个人信息（\`salts.jsonl\`，不在包内）与事件中的承诺值一致。
- \`--closed-by 文件夹\`：核验日志本身记有本包清单的哈希。文件夹为本包关闭当日的日导出包（日导出包即其下一包）。
- \`--checkpoint 文件\`、\`--root 条数:哈希\`：核验与他人所见为同一日志：见证方、更早导出包的检查点，或他人自 \`/public/log/checkpoint\` 留存的检查点、条数和根哈希。
- \`--witness 公钥\`：核验见证方（省档案馆、公证处等）对 \`log/checkpoint\` 的联署；未及联署的，可用见证方自存的检查点核验（\`--checkpoint\`）。

仅用 openssl 3 核验签名（有多个签名时为第一个）：

\`\`\`sh
${OPENSSL}
\`\`\`

有时间戳（\`checkpoint.tsr\`）时，用时间戳机构的证书（\`tsa.pem\`，**取自该机构，不要取自本文件夹**）核验：

\`\`\`sh
${TIME}
\`\`\`

## 文件说明

| 文件 | 内容 |
|---|---|
| \`county=…/colour=…/date=…/events.jsonl.gz\` | **正式记录**：每行一条事件，规范 JSON（RFC 8785），按风险等级颜色和发生日期存放；后续分片带编号 |
| \`large/<sha256>.json\` | 超长事件的内容，事件行内以哈希指明 |
| \`evidence.jsonl\` | 事件所列照片、文件的哈希清单 |
| \`views/\` | 同样事件的 CSV、XLSX、Parquet，便于阅读统计，**不是正式记录**。CSV 中会被当作公式的文字前加单引号，会被当作数字或日期的文字前加看不见的制表符，两者都不属于内容 |
| \`state/\` | 由事件计算出的末日24时状态；其后发生的事件列入 \`state/carried.jsonl.gz\`，计入下一包，迟到的事件计入到达后的第一个状态，**不是正式记录** |
| \`policy.json\` | 县名和据以重算状态、月报表、交换表的政策（\`npm run verify -- state\`），仅日包、月包有 |
| \`log/checkpoint\`、\`log/vkey\` | 签名的日志检查点（C2SP tlog-checkpoint）和所称的公钥 |
${
  of.complete
    ? `| \`log/tile/\`、\`log/checkpoint.previous\` | 哈希树（RFC 6962，C2SP tlog-tiles）中从每条事件到检查点的哈希；上一包的检查点 |`
    : `| \`proofs/<index>.tlog-proof\` | 每条事件到检查点的存在证明（C2SP tlog-proof），可与该行单独提供 |`
}
| \`manifest.json\`、\`SHA256SUMS\` | 每个文件的大小和哈希；清单写明上一包清单的哈希 |

个人信息以 \`sxj-pii-1:…\` 承诺值存证，没有盐值不能还原；个人信息删除后证明仍然有效。

## 能证明什么，不能证明什么

核验通过，说明每条事件都在签名日志的原位置，未被改动；${
  of.complete
    ? `第 ${of.first} 至 ${of.end} 位（不含末位）无一遗漏；日志自上一包以来只增不改。

**完整指日志位次无遗漏，不指日期齐全。** 一日在日志中止于零点一刻或更晚记录的第一条事件；较晚封存的事件在以后的导出包中，按其自身日期存放。要取得若干日的全部事件，请一并取得其后的导出包。
日期和位次是本包自己的说法：截短导出包（甚至截空）并重做清单和校验和的，只有日志能够识破，因为日志记有真实清单的哈希。\`verify.py\` 会显示事件的实际日期、末位之后还有多少条已封存事件不在本包
（本包为 ${of.treeSize - of.end} 条）；\`--closed-by\` 核验清单是否属实。`
    : `每条都有单独的证明。不能证明没有遗漏，即使就其所涉事项而言。可另行申请完整的日、月、区间导出包，其位次内的事件无一遗漏。`
}

不能证明：

- **没有更新的事件**。隐去最新事件、出示较早的真实状态，只能从包外发现：下一包的清单、见证方联署，或他人自 \`/public/log/checkpoint\` 留存的检查点。请比对（\`--checkpoint\`）。
- **公钥属于谁**。不给 \`--vkey\` 时公钥取自包内，伪造者可以任意选择。
- **单独一包的位次、日期、视图、状态、说明和证据大小**。它们只由清单约束，清单由日志约束：本包关闭当日的日导出包中记有其哈希（\`ExportClosed\`）。请把两包一起核验（\`--closed-by\`，或整个系列）。
- **签名公钥仍在使用**，如停用事件不在所给的包内。请以县官网公布的公钥及其有效期为准。
- **内容属实**。只证明何人何时写了什么，此后无人改动。
`;

/** The two texts, by the names of their files. */
export const bundleReadme = (of: DescribedBundle): Readonly<Record<'README.md' | 'README.zh.md', string>> => ({
  'README.md': english(of),
  'README.zh.md': chinese(of),
});
