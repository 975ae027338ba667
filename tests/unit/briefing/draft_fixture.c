#include "draft_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "briefing/render_markdown.h"
#include "house_labels.h"

static struct config_word aliases_nvidia[] = {{"英伟达", 0}, {"NVIDIA", 0}, {"nVIDIA", 0}};
static struct config_word aliases_huawei[] = {{"华为", 0}, {"Huawei", 0}};
static struct config_word aliases_arm[] = {{"ARM", 0}, {"安谋", 0}};
static struct config_word aliases_rockchip[] = {{"瑞芯微", 0}, {"Rockchip", 0}};
static struct config_word aliases_qualcomm[] = {{"高通", 0}, {"Qualcomm", 0}};
static struct config_word aliases_vivo[] = {{"/(?<!in )vivo/", 0}};

static struct config_vendor vendors[] = {
    {"英伟达", {aliases_nvidia, array_count(aliases_nvidia)}, 0.4, 0, 0},
    {"华为", {aliases_huawei, array_count(aliases_huawei)}, 0.4, 0, 0},
    {"ARM", {aliases_arm, array_count(aliases_arm)}, 0.4, 0, 0},
    {"瑞芯微", {aliases_rockchip, array_count(aliases_rockchip)}, 0.4, 0, 0},
    {"高通", {aliases_qualcomm, array_count(aliases_qualcomm)}, 0.4, 0, 0},
    {"vivo", {aliases_vivo, array_count(aliases_vivo)}, 0.4, 0, 0},
};

static const struct config_section sections[SECTIONS] = {
    {.id = "brief",
        .title = "热身小新闻",
        .short_title = "热身",
        .form = CONFIG_FORM_ONELINE,
        .limit = 4,
        .overflow_of = "news"},
    {.id = "news",
        .title = "业界新闻",
        .short_title = "新闻",
        .form = CONFIG_FORM_ARTICLE,
        .limit = 4,
        .fallback = true},
    {.id = "papers",
        .title = "论文",
        .short_title = "论文",
        .form = CONFIG_FORM_PAPER,
        .limit = 4},
    {.id = "oss",
        .title = "开源项目",
        .short_title = "开源",
        .form = CONFIG_FORM_PROJECT,
        .limit = 4,
        .note = "每条内容前缀为github地址的仓库拥有者和仓库名，补全地址后为"
                "`github.com/<repo_owner>/<repo_name>`。"},
    {.id = "blog",
        .title = "博文",
        .short_title = "博文",
        .form = CONFIG_FORM_ARTICLE,
        .limit = 4},
};

static const struct config_briefing briefing = {
    .title = "端侧智能简报",
    .tagline = "关注模型压缩、低比特量化、移动端推理加速优化、部署",
    .language = "zh-CN",
    .homepage = "https://example.org/edge-ai-briefing",
    .interval_s = 14 * 86400,
    .utc_offset_s = 8 * 3600,
    .lead_in = "好了，先是一些热身小新闻：",
    .note = "个别链接打不开，请点击文末【阅读原文】跳转",
    .front_matter = "layout: default",
    .footer = "----\n\n> 往期回顾：见公众号主菜单【历史消息】\n- Editor: "
              "https://example.org/editor  \n",
    .output_folder = "out/edge-ai-report",
    .file_name = "{date}.md",
    .summary_length = 120,
    .labels = HOUSE_LABELS,
};

int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    arena_init(&fixture->arena);
    buffer_init(&fixture->out, 4 << 20);
    memcpy(fixture->sections, sections, sizeof(sections));
    fixture->config = (struct config){
        .briefing = briefing,
        .sections = fixture->sections,
        .section_count = SECTIONS,
        .vendors = vendors,
        .vendor_count = array_count(vendors),
    };
    *state = fixture;
    return 0;
}

int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    buffer_release(&fixture->out);
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

struct candidate fixture_candidate(int64_t id, int section, double relevance, const char *title)
{
    return (struct candidate){
        .id = id,
        .section = section,
        .relevance = relevance,
        .margin = 0.5,
        .title = title,
        .published_utc_s = FIXTURE_NOW - 86400,
        .first_seen_utc_s = FIXTURE_NOW - 86400,
    };
}

struct draft *fixture_draft(
    struct fixture *fixture, const struct candidate *candidates, size_t count)
{
    return draft_build(
        &fixture->arena, &fixture->config, candidates, count, FIXTURE_SINCE, FIXTURE_NOW);
}

const char *fixture_markdown(
    struct fixture *fixture, const struct candidate *candidates, size_t count)
{
    struct draft *draft = fixture_draft(fixture, candidates, count);
    buffer_clear(&fixture->out);
    issue_set_archive(&fixture->arena, draft->issue, &fixture->config.briefing, NULL, 0);
    issue_write_markdown(draft->issue, &fixture->out);
    assert_false(buffer_failed(&fixture->out));
    return fixture->out.data;
}

/* ---- the sample issue ---- */

static const char *tags_edge[] = {"2603.01234v1"};
static const char *tags_venue[] = {"CVPR2026", "2602.04567"};
static const char *also_npu[] = {"半导体观察示例", "芯片日报示例"};

#define at_day(n)                                                                              \
    .published_utc_s = FIXTURE_NOW - (n)*86400,                                                \
    .first_seen_utc_s = FIXTURE_NOW - (n)*86400 + 600

static const struct candidate sample[] = {
    {.id = 1,
        .section = NEWS,
        .relevance = 0.93,
        .margin = 0.6,
        at_day(2),
        .key = "https://example.com/n/1",
        .title =
            "瑞芯微发布新一代端侧视觉芯片：INT4 算力翻倍，单芯片支持 8 路摄像头 | 芯东西示例",
        .url = "https://example.com/n/1",
        .source = "芯东西示例",
        .vendor = "瑞芯微",
        .also = also_npu,
        .also_count = 2,
        .reasons_json = "[{\"rule\":\"topic/npu\",\"matched\":\"INT4\"}]",
        .summary = "新芯片面向安防与工业相机，NPU 支持 INT4、INT8 与 FP16 "
                   "混合精度。示例数据显示，同样功耗下推理速度约为上一代的两倍。"},
    {.id = 2,
        .section = NEWS,
        .relevance = 0.90,
        .margin = 0.5,
        at_day(1),
        .key = "https://example.com/n/2",
        .title = "英伟达更新 Jetson 开发套件，面向机器人的参考设计一并公开",
        .url = "https://example.com/n/2",
        .source = "量子位示例",
        .vendor = "英伟达",
        .summary = "参考设计包含载板原理图、散热方案与一套可直接运行的感知示例。"},
    {.id = 3,
        .section = NEWS,
        .relevance = 0.88,
        .margin = 0.2,
        .uncertain = true,
        at_day(4),
        .key = "https://example.com/n/3",
        .title = "Arm 公布面向微控制器的向量扩展路线图",
        .url = "https://example.com/n/3",
        .source = "EE Times 示例",
        .vendor = "ARM",
        .summary = "路线图把低比特点积指令列为下一步重点，编译器支持先行。"},
    {.id = 4,
        .section = NEWS,
        .relevance = 0.85,
        .margin = 0.5,
        at_day(3),
        .key = "https://example.com/n/4",
        .title = "华为开发者大会预告：端侧大模型推理框架将公开更多接口",
        .url = "https://example.com/n/4",
        .source = "雷锋网示例",
        .vendor = "华为",
        .summary = "预告提到三类接口：算子自定义、权重按需加载、功耗预算。"},
    {.id = 5,
        .section = NEWS,
        .relevance = 0.70,
        .margin = 0.5,
        at_day(5),
        .key = "https://example.com/n/5",
        .title = "高通公布新一代耳机平台，常开语音模型功耗低于 1 毫瓦",
        .url = "https://example.com/n/5",
        .source = "量子位示例",
        .vendor = "高通",
        .summary = "示例。"},
    {.id = 6,
        .section = NEWS,
        .relevance = 0.60,
        .margin = 0.5,
        at_day(6),
        .key = "https://example.com/n/6",
        .title = "华为：昇腾工具链新增 4 比特权重导出，旧模型无需重训。",
        .url = "https://example.com/n/6",
        .source = "雷锋网示例",
        .vendor = "华为"},
    {.id = 7,
        .section = NEWS,
        .relevance = 0.65,
        .margin = 0.5,
        at_day(7),
        .key = "https://example.com/n/7",
        .title = "一家没有别名的公司也发布了芯片",
        .url = "https://example.com/n/7",
        .source = "雷锋网示例"},
    {.id = 8,
        .section = NEWS,
        .relevance = 0.55,
        .margin = 0.5,
        at_day(7),
        .key = "https://example.com/n/8",
        .title = "高通与多家相机厂商联合制定端侧降噪评测方法",
        .url = "https://example.com/n/8",
        .source = "芯东西示例",
        .vendor = "高通"},
    {.id = 9,
        .section = NEWS,
        .relevance = 0.50,
        .margin = 0.5,
        at_day(7),
        .key = "https://example.com/n/9",
        .title = "Arm中国举办开发者日",
        .url = "https://example.com/n/9",
        .source = "芯东西示例",
        .vendor = "ARM"},
    {.id = 11,
        .section = PAPERS,
        .relevance = 0.95,
        .margin = 1,
        at_day(2),
        .key = "arxiv:2603.01234",
        .title = "EdgeRound: Learning Rounding Directions for 3-bit Vision Transformers on "
                 "Microcontrollers",
        .url = "https://arxiv.org/abs/2603.01234v1",
        .source = "arXiv cs.CV",
        .tags = tags_edge,
        .tag_count = 1,
        .summary =
            "Post-training quantization below four bits still loses accuracy on small devices. "
            "We learn the rounding direction of every weight with a few hundred unlabelled "
            "images. The method is an example written for a test and claims nothing."},
    {.id = 12,
        .section = PAPERS,
        .relevance = 0.91,
        .margin = 0.8,
        at_day(3),
        .key = "https://example.com/p/2",
        .title = "[CVPR2026] 面向手机相机的逐行量化降噪网络，速度提升三成 | 极市示例",
        .url = "https://example.com/p/2",
        .source = "极市示例",
        .tags = tags_venue,
        .tag_count = 2,
        .summary = "文章介绍一种按图像行分配比特数的方法。"},
    {.id = 13,
        .section = PAPERS,
        .relevance = 0.60,
        .margin = 0.8,
        at_day(3),
        .key = "https://example.com/p/3.pdf",
        .title = "A Survey of Memory-Bound Inference (on Small Devices)",
        .url = "https://example.com/p/a survey (final).pdf",
        .summary = "The bottleneck is memory, not arithmetic."},
    {.id = 21,
        .section = OSS,
        .relevance = 0.92,
        .margin = 1,
        at_day(1),
        .key = "github:Tencent/ncnn@20260301",
        .title = "ncnn 20260301",
        .url = "https://github.com/Tencent/ncnn/releases/tag/20260301",
        .source = "ncnn releases",
        .prefix = "Tencent/ncnn",
        .summary = "Faster int8 gemm on armv7. Vulkan: new layers."},
    {.id = 22,
        .section = OSS,
        .relevance = 0.86,
        .margin = 0.7,
        at_day(4),
        .key = "https://example.com/o/2",
        .title = "alibaba/MNN：移动端大模型推理新增按层卸载，内存占用下降四成 | 知乎示例",
        .url = "https://example.com/o/2",
        .source = "知乎示例",
        .prefix = "alibaba/MNN",
        .summary = "按层卸载把暂时不用的权重留在闪存里，需要时再读。"},
    {.id = 23,
        .section = OSS,
        .relevance = 0.80,
        .margin = 1,
        at_day(6),
        .key = "github:example/tinyserve",
        .title = "A 200 KB inference server for microcontrollers",
        .url = "https://github.com/example/tinyserve",
        .source = "GitHub",
        .prefix = "example/tinyserve",
        .summary = "One C file, no heap, models in flash."},
    {.id = 31,
        .section = BLOG,
        .relevance = 0.89,
        .margin = 0.6,
        at_day(2),
        .key = "https://example.com/b/1",
        .title = "详解 Im2Col、Winograd 与直接卷积：在 Cortex-A55 上怎么选 | GiantPandaCV示例",
        .url = "https://example.com/b/1",
        .source = "GiantPandaCV示例",
        .summary = "作者在同一块开发板上实现三种卷积，逐层对比耗时与内存，并给出按通道数切换的"
                   "经验规则。"},
    {.id = 32,
        .section = BLOG,
        .relevance = 0.83,
        .margin = 0.6,
        at_day(5),
        .key = "https://example.com/b/2",
        .title = "把 7B 模型塞进 4 GB 内存：一次完整的量化、裁剪与部署记录",
        .url = "https://example.com/b/2?id=1&x=(y)",
        .source = "知乎示例",
        .summary = "从校准集的选择写到最后一次功耗测量，附全部脚本。"},
};

const struct candidate *fixture_candidates(size_t *ret_count)
{
    *ret_count = array_count(sample);
    return sample;
}
