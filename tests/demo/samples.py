"""Sample feeds for `make demo`: invented, dated back from the moment they are made.

Every item is a sample: companies and topics are real so that the shipped rules have something to judge, but
products, projects, papers and numbers are made up, links lead to example.com or to ids that do not exist,
and each summary says 示例 or "sample". The texts are tables of whole sentences put together by rows that
belong to each other; the same seed gives the same feeds.

    feeds = samples.build(now)       # a list of Feed
"""
import collections
import datetime
import html
import json
import random
import re
import xml.sax.saxutils

Feed = collections.namedtuple("Feed", "name path content_type body keys")
Entry = collections.namedtuple("Entry", "title link summary when author", defaults=("",))

HOUR = datetime.timedelta(hours=1)

# vendor, product, what is new about it, a detail for the summary
ZH_PRODUCTS = [
    ("瑞芯微", "新一代端侧视觉芯片", "INT4 算力翻倍，单芯片支持 8 路摄像头", "新的 NPU 支持 INT4、INT8 与 FP16 混合精度"),
    ("高通", "耳机音频平台", "常开语音模型功耗低于 1 毫瓦", "降噪与唤醒词识别都在片上完成"),
    ("英伟达", "Jetson 参考设计", "面向机器人的载板资料一并公开", "资料包含原理图、散热方案与一套可直接运行的感知示例"),
    ("华为", "昇腾工具链", "新增 4 比特权重导出，旧模型无需重训", "导出过程只用几百张无标注图片做校准"),
    ("地平线", "旭日系列开发板", "2.5 瓦功耗下跑完整检测流水线", "板上预装了检测、分割与关键点三套模型"),
    ("联发科", "中端手机平台", "NPU 首次支持 8 比特浮点推理", "相机与语音两条流水线可以同时占用 NPU"),
    ("英特尔", "低功耗边缘处理器", "集成显卡可直接运行量化模型", "OpenVINO 的示例代码同步更新"),
    ("乐鑫", "ESP32 语音模组", "离线命令词扩展到三百条", "模型存放在片外闪存，按需读取"),
    ("寒武纪", "边缘加速卡", "半高半长，被动散热即可满载", "适合机柜里没有风道的老设备"),
    ("全志科技", "视觉处理器", "内置 1 TOPS 算力，主打电池摄像头", "待机时只有图像信号处理器的一小块区域供电"),
    ("嘉楠科技", "RISC-V 端侧芯片", "双核加 NPU，开发板同步开售", "工具链支持从 ONNX 直接转换"),
    ("意法半导体", "STM32 系列微控制器", "加入神经网络加速单元", "片上存储足够放下一个人脸检测模型"),
    ("恩智浦", "车规处理器", "把语音与视觉推理放进同一颗芯片", "两类任务有各自的时间片，互不抢占"),
    ("黑芝麻智能", "车规视觉芯片", "新增稀疏化推理支持", "编译器会自动挑选适合剪枝的层"),
    ("紫光展锐", "物联网平台", "模组厂商可自行裁剪算子库", "最小的一套算子库只有 200 KB"),
    ("树莓派", "AI 摄像头模组", "检测在传感器里完成，主控几乎空闲", "模型大小限制在 8 MB 以内"),
    ("爱芯元智", "边缘视频芯片", "混合精度推理从 INT4 到 INT16 可逐层设置", "逐层精度由工具按误差预算自动分配"),
    ("耐能", "门锁人脸芯片", "整机平均功耗约 0.6 瓦", "从唤醒到识别完成不到半秒"),
]

ZH_MORE_PRODUCTS = [
    ("三星", "图像传感器", "人形检测直接在像素阵列旁完成", "传感器里放了一个 64 KB 的小网络"),
    ("小米", "路由器语音中枢", "断网也能控制全屋设备", "意图识别与语音识别都在路由器上运行"),
    ("龙芯中科", "LoongArch 开发板", "补齐端侧推理所需的向量指令示例", "示例覆盖卷积、池化与注意力"),
    ("百度", "Paddle Lite 示例工程", "手语识别在千元机上实时运行", "模型经过剪枝与 8 比特量化"),
    ("腾讯", "移动端推理示例库", "把十个常用模型做成一键运行的安装包", "每个模型都附有逐层耗时"),
    ("阿里巴巴", "端侧多模态示例应用", "相册搜索不再上传图片", "向量在手机里生成，也只存在手机里"),
    ("科大讯飞", "离线翻译模组", "十二种语言装进 300 MB", "共享词表与逐层混合精度各省下一半空间"),
    ("商汤", "工业质检盒子", "一条产线一个小模型，现场训练", "训练与推理用同一颗 NPU"),
    ("算能", "边缘视频分析板卡", "十六路视频同时做结构化分析", "内存带宽由硬件按通道分配"),
    ("晶晨", "机顶盒处理器", "画质增强改由神经网络完成", "网络按场景切换，切换不丢帧"),
    ("兆易创新", "GD32 系列微控制器", "神经网络库随开发包一起提供", "库里只有定点算子，最小占用 20 KB"),
    ("思必驰", "车载语音方案", "四音区离线识别", "麦克风阵列与识别模型联合训练"),
    ("禾赛", "激光雷达", "点云聚类在雷达里做完", "输出的不再是点，而是目标框"),
    ("OPPO", "夜景视频方案", "RAW 域降噪全程在 NPU 上", "每一行按噪声水平选择比特数"),
]

ZH_NEWS_FORMS = [
    ("{v}发布{p}：{n}", "{v}发布{p}，{n}。{d}。示例消息，规格与时间均为虚构。"),
    ("{v}{p}开始送样，{n}", "据示例报道，{v}的{p}已开始向客户送样。{d}，量产时间未定。"),
    ("{v}更新{p}，{n}", "这次更新的重点是{n}。{d}。以上内容为演示用示例。"),
    ("{v}公布{p}细节：{n}", "在一场线上发布会中，{v}介绍了{p}。{d}。示例内容，不代表真实产品。"),
]

ZH_INDUSTRY = [
    ("台积电示例产线参观记：成熟制程为什么又忙了起来", "记者走访一条虚构的成熟制程产线，边缘芯片订单占了一半。示例稿件。"),
    ("多家芯片公司联合发布端侧推理能效评测办法", "评测办法要求同时公布延迟、功耗与精度三项结果。示例新闻。"),
    ("苹果、谷歌、高通都在做的一件事：把小模型放进相机", "文章梳理三家公司公开的做法，共同点是按行处理图像。示例综述。"),
    ("边缘 AI 芯片创业公司完成新一轮融资，重点投向编译器", "公司名为虚构，资金将用于编译器与量化工具。示例新闻。"),
    ("国产手机厂商测试本地运行的 3B 模型，内存占用是关键", "测试机型与数据均为示例，结论是内存带宽先于算力见顶。"),
    ("晶圆代工报价趋稳，端侧芯片厂商迎来窗口期", "示例分析认为，成熟工艺的报价在下半年趋于平稳。"),
    ("RISC-V 社区讨论矩阵扩展草案，微控制器也能受益", "草案把矩阵乘拆成小块，适合没有缓存的芯片。示例报道。"),
    ("存内计算芯片首次进入助听器，续航延长一倍", "这是一则演示用的虚构消息，芯片与产品均不存在。"),
    ("AI 眼镜供应链调研：算力不是瓶颈，散热才是", "调研走访十家虚构供应商，镜腿散热面积成为共同难题。示例。"),
    ("自动驾驶芯片比拼从 TOPS 转向有效帧率", "示例评论指出，标称算力与实际帧率之间差着一个编译器。"),
    ("扫地机器人开始用上视觉大模型，跑在 6 TOPS 的芯片上", "厂商名称隐去，模型经过剪枝与 4 比特量化。示例消息。"),
    ("手机相机的下一战：在 RAW 域里做端侧降噪", "示例稿件介绍三种在传感器数据上直接推理的方案。"),
]

ZH_BLOG = [
    ("详解 Im2Col、Winograd 与直接卷积：在 Cortex-A55 上怎么选", "作者在同一块开发板上实现三种卷积，逐层对比耗时与内存，并给出按通道数切换的经验规则。示例文章。"),
    ("把 7B 模型塞进 4 GB 内存：一次完整的量化、裁剪与部署记录", "从校准集的选择写到最后一次功耗测量，附全部脚本。示例文章，数据为虚构。"),
    ("INT4 权重量化踩坑笔记：离群值到底该怎么处理", "本文介绍四种处理离群值的方法，并说明它们在端侧的代价。示例文章。"),
    ("一步步把 YOLO 移植到没有操作系统的微控制器上", "从模型转换、内存规划到中断里的后处理，每一步都有可运行的示例代码。"),
    ("NEON 汇编优化入门：从一个 3x3 盒子滤波讲起", "本文从访存开始，讲到指令流水线与循环展开。示例教程。"),
    ("为什么你的 NPU 跑不满：一次从算子到内存的排查", "作者用一张时间线图说明，瓶颈在权重搬运而不是乘加。示例文章。"),
    ("ncnn 源码解读：内存池与层间数据复用", "文章从一次推理的分配次数入手，解释内存池的设计。示例解读。"),
    ("TVM 自动调优在小核上的实践：少即是多", "本文比较不同搜索空间大小的收益，小空间往往够用。示例文章。"),
    ("模型剪枝实战：结构化与非结构化，端侧该选哪一个", "作者用三块开发板测试两种剪枝，结论取决于内存带宽。示例数据。"),
    ("浅谈知识蒸馏在语音唤醒里的用法", "介绍了教师模型的选择和学生网络的大小。示例文章。"),
    ("从零写一个 TFLite Micro 算子", "手把手实现一个自定义算子，并说明如何测试精度。示例教程。"),
    ("内存访问才是推理的主角：用屋顶线模型看端侧芯片", "本文用屋顶线模型解释为什么算力翻倍而速度不变。示例文章。"),
    ("如何给量化模型做回归测试", "作者提出一套只看输出分布的回归方法，十分钟能跑完。示例文章。"),
    ("Vulkan 计算着色器做卷积：一份移动端 GPU 优化指南", "介绍了工作组大小、共享内存与半精度的取舍。示例指南。"),
    ("大模型上手机：KV 缓存压缩的五种办法", "文章对比五种压缩方法在端侧的速度与精度。示例总结。"),
    ("编译器怎么给神经网络做算子融合：一文看懂", "本文从图优化讲到代码生成，配有示例代码。"),
    ("端侧大模型的首字延迟从哪里来：一次逐毫秒的拆解", "作者把首字延迟拆成读权重、预填充与采样三段。示例文章。"),
    ("为什么说带宽决定了手机上的大模型速度", "本文用三组示例数据说明，乘加单元大多数时间在等待。"),
    ("手把手移植：把语音降噪模型放到耳机里", "从浮点模型到定点实现，附内存规划图。示例教程。"),
    ("混合精度的经验规则：哪些层值得留 8 比特", "文章介绍一种只看激活分布的快速判断方法。示例文章。"),
    ("低功耗关键词唤醒的工程细节", "从麦克风阵列写到模型分级唤醒，示例文章。"),
    ("ONNX 模型瘦身：那些不该出现在推理图里的算子", "作者总结十类冗余算子及其去除方法。示例文章。"),
]

ZH_OSS = [
    ("example-edge/tinyserve", "tinyserve 开源：200 KB 的微控制器推理服务", "一个 C 文件，不用堆内存，模型放在闪存里。示例项目。"),
    ("example-edge/quantkit", "quantkit 新版本发布，支持逐层混合精度搜索", "工具按误差预算给每一层挑选比特数。开源协议为 Apache 2.0。示例项目。"),
    ("example-edge/camflow", "开源相机推理流水线 camflow：从传感器到检测框一条线程", "面向电池摄像头，项目地址见文末。示例项目。"),
    ("example-edge/rvmat", "rvmat：RISC-V 矩阵扩展的参考算子库开源", "包含 GEMM、卷积与注意力三类算子，示例项目。"),
    ("example-edge/kwspot", "离线关键词识别框架 kwspot 开源，模型仅 90 KB", "支持自定义唤醒词，附训练脚本。示例项目。"),
    ("example-edge/onnxdiet", "onnxdiet：一个给 ONNX 模型瘦身的命令行工具", "删除训练遗留算子，合并常量。示例项目，MIT license。"),
    ("example-edge/npubench", "npubench 上线：用同一套脚本测八种 NPU", "结果同时给出延迟、功耗与精度。示例项目。"),
    ("example-edge/micrograd-c", "用一千行代码实现端侧训练：micrograd-c 开源", "支持在微控制器上微调最后一层。示例项目。"),
    ("example-edge/tokmeter", "tokmeter：测量每个 token 耗电的开源工具", "硬件只需一块电流采样板。示例项目。"),
    ("example-edge/imgq", "图像质量回归测试工具 imgq 开源，专为端侧降噪准备", "按相机型号管理基准图。示例项目。"),
    ("example-edge/flashlm", "flashlm：从闪存按层读取权重的端侧大模型推理引擎开源", "内存占用只与最大的一层有关。示例项目。"),
]

EN_PRODUCTS = [
    ("Arm", "vector extension roadmap for microcontrollers", "low-bit dot products come next", "compiler support is planned to land first"),
    ("NVIDIA", "Jetson thermal reference design", "passive cooling for 15 W modules", "the drawings cover three enclosure sizes"),
    ("Qualcomm", "always-on vision island", "person detection below 2 mW", "the island has its own memory and wakes the CPU only on a hit"),
    ("Intel", "edge processor line", "integrated graphics run int8 models directly", "the OpenVINO samples were updated for it"),
    ("AMD", "embedded accelerator card", "half height, no fan", "it targets inspection cameras on factory floors"),
    ("MediaTek", "mid-range phone platform", "the NPU gains fp8 inference", "camera and speech pipelines can share it"),
    ("Renesas", "microcontroller with a small NPU", "models stay in on-chip flash", "a face detector fits with room to spare"),
    ("Infineon", "radar module with on-device classification", "gestures without a camera", "the network has fewer than 40,000 weights"),
    ("Raspberry Pi", "AI camera module", "detection runs inside the sensor", "models are limited to eight megabytes"),
    ("Hailo", "edge inference module", "one watt while idle is gone", "a new power state keeps only the input buffer alive"),
    ("Ambarella", "video SoC", "mixed precision per layer from int4 to int16", "the tool assigns precision from an error budget"),
    ("SiFive", "vector core for edge AI", "matrix tiles without a cache", "it is aimed at chips that have none"),
]

EN_MORE_PRODUCTS = [
    ("NXP", "crossover microcontroller", "speech and vision share one NPU", "each task has its own time slice"),
    ("STMicroelectronics", "motion sensor with a learning core", "gait models update in the field", "the core runs trees and tiny networks"),
    ("Texas Instruments", "vision processor for e-bikes", "rear-view detection at 1.5 W", "the reference design includes the lens"),
    ("Google", "open NPU compiler", "one flow from MLIR to the accelerator", "the front end is shared with other chips"),
    ("Lattice Semiconductor", "FPGA sample designs for person detection", "milliwatts on a tiny device", "weights stay in embedded memory"),
    ("Analog Devices", "always-on audio microcontroller", "keyword spotting from a coin cell", "a convolution engine sits beside the core"),
    ("Broadcom", "set-top box SoC", "neural upscaling in the living room", "the network changes with the scene"),
    ("Microchip Technology", "motor controller with anomaly detection", "bearings report their own wear", "training takes one hour on site"),
    ("Imagination", "GPU for cars with tensor tiles", "graphics and inference side by side", "tiles are assigned per frame"),
    ("IBM", "analog in-memory research chip", "speech models without weight movement", "drift is corrected once a day"),
]

EN_NEWS_FORMS = [
    ("{v} announces {p}: {n}", "{v} announced its {p} today; {d}. A sample story: the product is invented."),
    ("{v} details {p}, {n}", "In a sample briefing {v} described its {p}. Among the details: {d}."),
]

EN_INDUSTRY = [
    ("Why mature nodes are busy again: edge chips fill the fabs", "A sample analysis of foundry orders; every figure is invented."),
    ("Edge AI chip start-ups turn to compilers after the TOPS race", "Sample interviews with four invented companies about the compiler gap."),
    ("Benchmarks for on-device LLM inference get an energy column", "A sample proposal asks vendors to publish joules per token next to latency."),
    ("RISC-V matrix extension draft splits opinions", "The sample report compares two proposals for small cores."),
    ("In-memory computing finds a first home in hearing aids", "A sample feature; neither the chip nor the device exists."),
    ("Automotive SoC makers shift from TOPS to frames per second", "Sample commentary on how compilers decide what a number is worth."),
    ("Smart glasses supply chain: heat, not compute, is the limit", "A sample survey of ten invented suppliers."),
    ("Memory prices ease as LPDDR supply improves for edge devices", "A sample market note with made-up prices."),
]

EN_BLOG = [
    ("How we fit a vision transformer into 512 KB of SRAM", "Step by step from the float model to an int8 build with a static memory plan. A sample post."),
    ("Understanding per-channel quantization on small NPUs", "Why scales per channel cost more than they seem, with a worked sample."),
    ("Optimizing GEMM for Cortex-A55: a field guide", "Tiling, prefetch and the order of loads, measured on a sample board."),
    ("What is a roofline and why your NPU never reaches it", "In this post we draw the roofline of a sample edge chip and place five layers on it."),
    ("Building an offline voice assistant on a microcontroller", "Keyword spotting, intent and a 300-word grammar; a sample project."),
    ("Lessons from shipping int4 weights to a million sample devices", "Calibration data drifts, and other things that tests did not show."),
    ("Accelerating depthwise convolutions with Vulkan compute", "Work-group sizes and half precision on mobile GPUs; numbers are samples."),
    ("A deep dive into KV-cache compression for on-device LLMs", "Five methods compared on one sample phone."),
    ("Getting started with MLIR for an edge compiler", "From a toy dialect to a fused kernel, step by step. A sample tutorial."),
    ("Inside a tiny inference runtime: no heap, no threads, no regrets", "How a sample runtime plans memory before it starts."),
    ("Case study: pruning a detector for a battery camera", "Structured pruning won because of memory bandwidth. Sample measurements."),
    ("Why int8 softmax is harder than it looks", "Range, rounding and a lookup table that fits in 512 bytes. A sample post."),
    ("How to profile a camera pipeline without a debugger", "Four GPIO pins and a logic analyser on a sample board."),
    ("An introduction to weight streaming from flash", "When bandwidth of storage is enough for a language model; sample numbers."),
    ("Best practices for testing quantized models", "Compare distributions, not single outputs: a sample checklist."),
]

PAPERS = [
    ("EdgeRound: Learning Rounding Directions for 3-bit Vision Transformers on Microcontrollers", "Post-training quantization below four bits still loses accuracy on small devices. We learn the rounding direction of every weight with a few hundred unlabelled images."),
    ("Row-Wise Mixed Precision for Raw Image Denoising on Mobile Devices", "We assign bit widths to image rows instead of layers and present a denoiser for mobile NPUs."),
    ("FlashPage: Streaming Layer Weights from Storage for On-Device Language Models", "We present a runtime that keeps one layer in memory and reads the next from flash while computing."),
    ("Structured Sparsity without Retraining for Edge Detectors", "A pruning criterion based on memory traffic rather than magnitude. We propose a schedule for detectors."),
    ("TinyNAS-Go: Hardware-Aware Architecture Search in One CPU Hour", "We propose a neural architecture search whose cost model is a table of measured kernels."),
    ("Distilling Keyword Spotters from Large Speech Models", "A student network of 60,000 weights learns from a large speech model with unlabelled audio."),
    ("A Survey of Memory-Bound Inference on Embedded Processors", "This survey orders one hundred methods by the memory traffic they save."),
    ("Fusing Attention for Cache-Less Cores", "We present a kernel for attention on cores without a data cache."),
    ("Calibration Data Matters Less Than You Think for int4 Weights", "Experiments show that random text is nearly as good as task data for 4-bit weight quantization."),
    ("Energy per Token: Measuring On-Device Language Models", "We measure energy on six sample boards and propose a protocol."),
    ("Binary Feature Pyramids for Always-On Vision", "We binarize a feature pyramid and keep accuracy by learning thresholds."),
    ("Compiling Mixture-of-Experts Models for Small Accelerators", "A compiler pass that decides at build time which experts share buffers."),
    ("Lookup Tables Instead of Multipliers: 2-bit Networks on Microcontrollers", "We replace multiplications by table lookups for 2-bit quantization."),
    ("Low-Rank Updates for Personal Models on Phones", "We study low-rank adaptation under a 50 MB memory limit."),
    ("Speculative Decoding with a Microcontroller Draft Model", "The draft model runs on the always-on island; we present acceptance rates."),
    ("A Simulator for In-Memory Computing with Realistic Noise", "We propose a simulator that reproduces drift and read noise for quantized networks."),
    ("Depth Estimation in 256 KB", "We present a lightweight depth network for edge devices with 256 KB of memory."),
    ("Rotation-Based Quantization for Vision Encoders", "Rotations remove outliers before 4-bit quantization of vision encoders."),
    ("Scheduling Two Networks on One NPU", "We propose preemption points chosen by the compiler so that two networks meet their deadlines on one NPU."),
    ("Efficient Video Transformers with Temporal Token Reuse", "Tokens that did not change are reused, which saves inference time on mobile GPUs."),
    ("Graph Rewriting for Quantization-Aware Deployment", "We collect rewriting rules that keep an ONNX graph quantizable."),
    ("On the Reproducibility of Edge Benchmarks", "We repeat published latency measurements of edge inference and discuss the spread."),
]
OFF_TOPIC_PAPERS = [
    ("Galaxy Morphology from Citizen Labels", "We combine labels of volunteers for images of galaxies. A sample abstract far from this newsletter."),
    ("A Note on Fair Allocation of Indivisible Goods", "A sample abstract about fairness."),
]

RELEASES = {
    "example-edge/tinyserve": [
        ("v0.9.0", "int4 weights, models larger than one flash page, 30 % less RAM. Sample release notes."),
        ("v0.9.0-rc1", "Release candidate of 0.9.0. Sample release notes."),
        ("v0.8.2", "Fixes a wrong zero point in depthwise convolution. Sample release notes."),
        ("v0.8.1", "Builds with LLVM 18; smaller tables. Sample release notes."),
        ("v0.8.0", "New NEON kernels for int8 GEMM. Sample release notes."),
    ],
    "example-edge/quantkit": [
        ("quantkit 2.1: search for mixed precision per layer", "Give an error budget, get bit widths. Sample release notes."),
        ("quantkit 2.0.3", "ONNX opset 21, faster calibration. Sample release notes."),
        ("quantkit 2.0.2", "Correct scales for grouped convolution. Sample release notes."),
        ("quantkit 2.0.1", "Fixes export of bf16 biases. Sample release notes."),
        ("quantkit 2.0", "New API, TFLite and ONNX through one importer. Sample release notes."),
    ],
}


class Maker:
    """Dates run back from now; every entry gets its own address."""

    def __init__(self, now, seed=20200917):
        self.now = now
        self.random = random.Random(seed)
        self.count = 0

    def when(self, index, total, days=12):
        """Spread `total` entries over the last `days`, the first the newest."""
        hours = days * 24 * (index + self.random.random()) / total + 1
        return self.now - hours * HOUR

    def entries(self, host, pairs, days=12, path="a"):
        entries = []
        for index, (title, summary) in enumerate(pairs):
            self.count += 1
            link = f"https://{host}/{path}/{self.now:%Y}/{self.count:04d}"
            entries.append(Entry(title, link, summary, self.when(index, len(pairs), days)))
        return entries


def spaced(text):
    """A space between Han and Latin, as the newsletter's sources set it."""
    text = re.sub(r"([\u4e00-\u9fff])([A-Za-z0-9])", r"\1 \2", text)
    return re.sub(r"([A-Za-z0-9%])([\u4e00-\u9fff])", r"\1 \2", text)


def news(products, forms, shift):
    """One story a product, in the form its turn brings."""
    pairs = []
    for index, (vendor, product, fresh, detail) in enumerate(products):
        title, summary = forms[(index + shift) % len(forms)]
        words = {"v": vendor, "p": product, "n": fresh, "d": detail}
        pairs.append((spaced(title.format(**words)), spaced(summary.format(**words))))
    return pairs


# ---- duplicates: the same article as another feed would link to it ----

def tracked(entry):
    mark = "&" if "?" in entry.link else "?"
    return entry._replace(link=f"{entry.link}{mark}utm_source=rss&utm_medium=feed&utm_campaign=sample")


def mobile(entry):
    return entry._replace(link=entry.link.replace("https://www.", "https://m."))


def as_pdf(entry):
    return entry._replace(link=entry.link.replace("/abs/", "/pdf/"))


# ---- the forms of feeds ----

escape = xml.sax.saxutils.escape


def rfc822(when):
    return when.strftime("%a, %d %b %Y %H:%M:%S +0000")


def iso(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def rss(title, site, entries, language, namespaces="", extra=lambda entry: ""):
    items = "\n".join(
        f"<item><title>{escape(e.title)}</title><link>{escape(e.link)}</link>"
        f"<guid isPermaLink=\"false\">{escape(e.link)}</guid><pubDate>{rfc822(e.when)}</pubDate>"
        f"{extra(e)}<description>{escape('<p>' + html.escape(e.summary) + '</p>')}</description></item>"
        for e in entries)
    return (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"{namespaces}><channel>"
            f"<title>{escape(title)}</title><link>{site}</link><description>{escape(title)}</description>"
            f"<language>{language}</language>\n{items}\n</channel></rss>\n")


def atom(title, site, entries, language):
    items = "\n".join(
        f"<entry><title>{escape(e.title)}</title><link rel=\"alternate\" href=\"{escape(e.link)}\"/>"
        f"<id>{escape(e.link)}</id><updated>{iso(e.when)}</updated><published>{iso(e.when)}</published>"
        f"<author><name>{escape(e.author or 'sample')}</name></author>"
        f"<content type=\"html\">{escape('<p>' + html.escape(e.summary) + '</p>')}</content></entry>"
        for e in entries)
    return (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
            f"xml:lang=\"{language}\"><title>{escape(title)}</title><id>{site}</id><link href=\"{site}\"/>"
            f"<updated>{iso(max(e.when for e in entries))}</updated>\n{items}\n</feed>\n")


def rdf(title, site, entries, language):
    listed = "".join(f"<rdf:li rdf:resource=\"{escape(e.link)}\"/>" for e in entries)
    items = "\n".join(
        f"<item rdf:about=\"{escape(e.link)}\"><title>{escape(e.title)}</title><link>{escape(e.link)}</link>"
        f"<dc:date>{iso(e.when)}</dc:date><description>{escape(e.summary)}</description></item>" for e in entries)
    return (f"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF "
            f"xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" "
            f"xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel rdf:about=\"{site}\">"
            f"<title>{escape(title)}</title><link>{site}</link><description>{escape(title)}</description>"
            f"<dc:language>{language}</dc:language><items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}\n"
            f"</rdf:RDF>\n")


def json_feed(title, site, entries, language):
    items = [{"id": e.link, "url": e.link, "title": e.title, "content_html": f"<p>{html.escape(e.summary)}</p>",
              "date_published": iso(e.when)} for e in entries]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": title, "home_page_url": site,
                       "language": language, "items": items}, ensure_ascii=False, indent=1)


ARXIV_NAMESPACES = (" xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"")


def arxiv_rss(entries):
    """The shape of rss.arxiv.org: the id in the guid, the announce type, "Abstract:" in the description."""
    def extra(entry):
        return ("<arxiv:announce_type>new</arxiv:announce_type><category>cs.CV</category>"
                "<dc:creator>A. Sample, B. Example</dc:creator>")
    shown = [e._replace(summary=f"arXiv:{e.link.rsplit('/', 1)[1]} Announce Type: new \nAbstract: {e.summary}")
             for e in entries]
    return rss("cs.CV, cs.LG, cs.AR updates on a sample of arXiv.org", "https://arxiv.org/", shown, "en-us",
               ARXIV_NAMESPACES, extra)


def papers(maker):
    """Ids of a month's number 9xxxx, which arXiv never reaches."""
    entries = []
    for index, (title, abstract) in enumerate(PAPERS + OFF_TOPIC_PAPERS):
        link = f"https://arxiv.org/abs/{maker.now:%y%m}.{99001 + index}v1"
        entries.append(Entry(title, link, abstract + " A sample abstract.", maker.when(index, 24, 6)))
    return entries


def releases(maker, repository):
    entries = []
    for index, (title, notes) in enumerate(RELEASES[repository]):
        tag = title.split(":")[0].split()[-1]
        link = f"https://github.com/{repository}/releases/tag/{tag}"
        entries.append(Entry(title, link, notes, maker.when(index, 5, 10), "example-edge"))
    return entries


# ---- all of them ----

RSS, ATOM, JSON = "application/rss+xml; charset=utf-8", "application/atom+xml; charset=utf-8", "application/feed+json"
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>请先登录</title></head><body><form>用户名 密码</form></body></html>"


def build(now):
    """All feeds as they look at `now` (an aware datetime)."""
    maker = Maker(now)
    chips = maker.entries("www.example.com", news(ZH_PRODUCTS, ZH_NEWS_FORMS, 0) + ZH_INDUSTRY[:6])
    edge = maker.entries("edge.example.org", ZH_INDUSTRY[6:] + news(ZH_MORE_PRODUCTS, ZH_NEWS_FORMS, 1))
    community = maker.entries("blog.example.com", ZH_BLOG[:12], path="posts")
    column = maker.entries("column.example.org", ZH_BLOG[12:], path="p")
    weekly = maker.entries("silicon.example.com", EN_INDUSTRY + news(EN_PRODUCTS, EN_NEWS_FORMS, 0))
    newsroom = maker.entries("newsroom.example.org", news(EN_MORE_PRODUCTS, EN_NEWS_FORMS, 1))
    notes = maker.entries("notes.example.com", EN_BLOG, path="notes")
    arxiv = papers(maker)
    projects = [Entry(f"{repository}：{title}", f"https://oss.example.org/weekly/{index + 1}", summary,
                      maker.when(index, len(ZH_OSS))) for index, (repository, title, summary) in enumerate(ZH_OSS)]
    daily = [tracked(e) for e in chips[:10]] + [mobile(e) for e in chips[10:16]] + maker.entries(
        "daily.example.com", [("端侧推理一周：从芯片到编译器的十条消息", "示例周报，汇总一周内的虚构消息。"),
                              ("本周量化论文速览：更低的比特，更少的校准数据", "示例周报，论文均为虚构。")])
    community = community + [tracked(e) for e in column[:4]]
    notes = notes + [as_pdf(e) for e in arxiv[:3]] + [tracked(weekly[0])]
    broken = rss("断了一半的示例订阅", "https://half.example.com/", maker.entries("half.example.com", [
        ("英伟达发布边缘推理容器镜像的精简版", "示例消息：镜像体积减少一半。"),
        ("三星展示带神经网络单元的图像传感器", "示例消息：检测在传感器内完成。"),
        ("海思示例芯片支持断电续算", "示例消息：权重与中间结果保存在片上存储。"),
        ("安霸推出行车记录仪参考方案，本地识别路牌", "示例消息：识别结果只存在卡里。"),
        ("这一条在传输中断开了", "后面的内容没有收到。")]), "zh-CN")
    half = broken[:broken.index("后面的内容")]
    return [
        Feed("示例芯闻", "/chips.xml", RSS, rss("示例芯闻", "https://www.example.com/", chips, "zh-CN"), {"section": "news"}),
        Feed("端侧观察示例", "/edge.atom", ATOM, atom("端侧观察示例", "https://edge.example.org/", edge, "zh-CN"), {"section": "news"}),
        Feed("示例日报", "/daily.rdf", "application/rdf+xml", rdf("示例日报", "https://daily.example.com/", daily, "zh-CN"), {}),
        Feed("示例技术社区", "/community.xml", RSS, rss("示例技术社区", "https://blog.example.com/", community, "zh-CN"), {"section": "blog"}),
        Feed("示例专栏", "/column.xml", RSS, rss("示例专栏", "https://column.example.org/", column, "zh-CN"), {"section": "blog"}),
        Feed("开源周报示例", "/oss.xml", RSS, rss("开源周报示例", "https://oss.example.org/", projects, "zh-CN"), {"section": "oss", "section_weight": "2"}),
        Feed("Sample Silicon Weekly", "/weekly.xml", RSS, rss("Sample Silicon Weekly", "https://silicon.example.com/", weekly, "en"), {"section": "news"}),
        Feed("Sample Newsroom", "/newsroom.atom", ATOM, atom("Sample Newsroom", "https://newsroom.example.org/", newsroom, "en"), {"section": "news"}),
        Feed("Edge Inference Notes", "/notes.json", JSON, json_feed("Edge Inference Notes", "https://notes.example.com/", notes, "en"), {"section": "blog"}),
        Feed("arXiv 示例", "/arxiv.xml", RSS, arxiv_rss(arxiv), {"section": "papers", "require": '{ "*" }'}),
        Feed("tinyserve releases", "/tinyserve.atom", ATOM, atom("Release notes from tinyserve", "https://github.com/example-edge/tinyserve/releases", releases(maker, "example-edge/tinyserve"), "en-US"), {"section": "oss"}),
        Feed("quantkit releases", "/quantkit.atom", ATOM, atom("Release notes from quantkit", "https://github.com/example-edge/quantkit/releases", releases(maker, "example-edge/quantkit"), "en-US"), {"section": "oss"}),
        Feed("断了一半的示例", "/half.xml", RSS, half, {}),
        Feed("要登录的示例", "/login.xml", "text/html; charset=utf-8", LOGIN_PAGE, {}),
        Feed("搬走了的示例", "/missing.xml", None, None, {}),
    ]
