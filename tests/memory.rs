//! The memory of a training step, counted by the allocator: what frozen encoders cost, and whether `inspect --train`
//! estimates it correctly.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Bool, Device, Distribution, Tensor, TensorData};
use s4eca::model::{FrozenPrecision, ModelConfig, Tuning};
use s4eca::network::S4eca;
use s4eca::study::{Ablation, ParameterTable, prepared};
use s4eca::train::TrainingMemory;

/// Number of tokens of a phrase.
const WORDS: usize = 18;

/// Bytes in use, and their maximum since the last reset.
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// Held during a measurement, so that only one runs at a time.
static ALONE: Mutex<()> = Mutex::new(());

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn grown(bytes: usize) {
    let live = LIVE.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

// SAFETY: every call is passed unchanged to the system's allocator; this type only adds counters.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller upholds the same contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller upholds the same contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller upholds the same contract.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        grown(size);
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller upholds the same contract.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn live() -> usize {
    LIVE.load(Ordering::Relaxed)
}

struct Draw;

impl ModuleVisitor for Draw {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let _ = param.val();
    }
}

/// A network in training.
struct Training {
    model: S4eca,
    optimizer: ModuleOptimizer,
    image: Tensor<4>,
    words: Tensor<3>,
    padding: Tensor<2, Bool>,
}

impl Training {
    fn new(config: &ModelConfig, batch: usize, side: usize, device: &Device) -> Self {
        Self::with_frozen(config, batch, side, device, FrozenPrecision::F32)
    }

    fn with_frozen(
        config: &ModelConfig,
        batch: usize,
        side: usize,
        device: &Device,
        frozen: FrozenPrecision,
    ) -> Self {
        let model = prepared(S4eca::new(config, device));
        model.visit(&mut Draw);
        let model = model.with_frozen_precision(frozen);
        let random = Distribution::Normal(0.0, 1.0);
        let padding = TensorData::new(vec![false; batch * WORDS], [batch, WORDS]);
        Self {
            model,
            optimizer: AdamWConfig::new().init(),
            image: Tensor::random([batch, 3, side, side], random, device),
            words: Tensor::random([batch, WORDS, config.text.width], random, device),
            padding: Tensor::from_data(padding, device),
        }
    }

    fn forward(&self) -> Tensor<1> {
        let (image, words) = (self.image.clone(), self.words.clone());
        self.model
            .forward(image, words, self.padding.clone())
            .mean()
    }

    fn step(mut self) -> Self {
        let gradients = GradientsParams::from_grads(self.forward().backward(), &self.model);
        self.model = self.optimizer.step(1e-4, self.model, gradients);
        self
    }
}

/// Peak bytes in use during a second step, when the optimizer has its state, minus the bytes in use before the network
/// was created.
fn measured(
    config: &ModelConfig,
    batch: usize,
    side: usize,
    checkpointing: bool,
    frozen: FrozenPrecision,
) -> usize {
    let mut device = Device::flex().autodiff();
    if checkpointing {
        device = device.gradient_checkpointing();
    }
    let before = live();
    let training = Training::with_frozen(config, batch, side, &device, frozen).step();
    PEAK.store(live(), Ordering::Relaxed);
    drop(training.step());
    PEAK.load(Ordering::Relaxed) - before
}

fn row(name: &str, config: &ModelConfig) -> ModelConfig {
    Ablation::named(name).expect("a row").of(config)
}

fn preset(name: &str) -> ModelConfig {
    ModelConfig::preset(name).expect("a preset")
}

#[test]
fn the_estimate_is_near_what_is_measured() {
    let _alone = ALONE.lock();
    let tiny = preset("tiny");
    let (plain, saving) = ((false, FrozenPrecision::F32), (true, FrozenPrecision::F32));
    let (f16, bf16) = (
        (false, FrozenPrecision::F16),
        (false, FrozenPrecision::Bf16),
    );
    let mut off = Vec::new();
    for (name, config, batch, side, how) in [
        ("tiny", tiny.clone(), 2, 256, plain),
        ("tiny", tiny.clone(), 6, 256, plain),
        ("tiny", tiny.clone(), 2, 384, plain),
        ("tiny, checkpointing", tiny.clone(), 6, 256, saving),
        (
            "tiny, no-dense-extractor",
            row("no-dense-extractor", &tiny),
            4,
            256,
            plain,
        ),
        ("tiny, words", row("words", &tiny), 4, 256, plain),
        (
            "tiny, no-language",
            row("no-language", &tiny),
            4,
            256,
            plain,
        ),
        ("tiny, detris", row("detris", &tiny), 4, 256, plain),
        ("tiny, lora", row("lora", &tiny), 4, 256, plain),
        ("tiny, full", row("full", &tiny), 4, 256, plain),
        ("tiny, head-only", row("head-only", &tiny), 4, 256, plain),
        ("small", preset("small"), 2, 224, plain),
        ("base", preset("base"), 1, 448, plain),
        ("base, checkpointing", preset("base"), 1, 448, saving),
        ("tiny, f16", tiny.clone(), 4, 256, f16),
        ("small, bf16", preset("small"), 2, 224, bf16),
        ("base, f16", preset("base"), 1, 448, f16),
        (
            "base, f16, checkpointing",
            preset("base"),
            1,
            448,
            (true, FrozenPrecision::F16),
        ),
    ] {
        let (checkpointing, frozen) = how;
        let memory = TrainingMemory::new(&config, batch, side, WORDS, checkpointing, frozen);
        // The word table is not part of this network.
        let estimate = (memory.peak() - memory.words) as f64;
        let found = measured(&config, batch, side, checkpointing, frozen) as f64;
        let ratio = estimate / found;
        println!(
            "{name}, {batch} of {side} px: {:.0} MB, estimate {:.0} MB, ratio {ratio:.2}",
            found / 1e6,
            estimate / 1e6
        );
        if !(0.75..=1.25).contains(&ratio) {
            off.push(format!("{name}: {found} {estimate}"));
        }
    }
    assert!(off.is_empty(), "{off:?}");
}

#[test]
fn nothing_is_kept_below_the_first_adapter() {
    let _alone = ALONE.lock();
    let device = Device::flex().autodiff();
    let kept = |blocks: &[usize]| {
        // A ViT, because its blocks all have the same size.
        let small = preset("tiny").with_encoders(Some("dinov2-s14"), None);
        let mut config = small.expect("a name");
        config.adapter.vision_blocks = blocks.to_vec();
        if blocks.is_empty() {
            config.tuning = Tuning::Frozen;
        }
        let training = Training::new(&config, 1, 224, &device);
        let language = training
            .model
            .read(training.words.clone(), training.padding.clone());
        let before = live();
        let features = training.model.features(training.image.clone(), &language);
        let held = live() - before;
        // Without a backward pass the graph would stay in memory.
        if !blocks.is_empty() {
            let sum = features
                .levels
                .into_iter()
                .map(|level| level.tokens.sum())
                .reduce(|sum, next| sum + next);
            sum.expect("three levels").backward();
        }
        held as f64 / 1e6
    };
    let (last, middle, first) = (kept(&[11]), kept(&[6]), kept(&[0]));
    let none = kept(&[]);
    println!(
        "adapter at block 11: {last:.1} MB, 6: {middle:.1}, 0: {first:.1}, nowhere: {none:.1}"
    );
    // Only the three levels themselves are kept, plus less than a block's activations.
    assert!(none < 0.05 * first, "{none}");
    // Each block above the first adapter adds the same amount, each block below it nothing.
    let block = (first - last) / 11.0;
    assert!(block > 3.0 && last < 1.2 * block, "{block} {last}");
    assert!(
        (middle - last - 5.0 * block).abs() < 0.1 * block,
        "{middle}"
    );
}

#[test]
fn frozen_encoders_have_no_optimizer_state() {
    let _alone = ALONE.lock();
    let device = Device::flex().autodiff();
    // Buffers that threads keep for their matrix products must exist before anything is counted.
    drop(Training::new(&preset("tiny"), 1, 64, &device).step());
    for name in ["s4eca", "full"] {
        let config = row(name, &preset("tiny"));
        let training = Training::new(&config, 1, 64, &device);
        let before = live();
        let training = training.step();
        let state = live() - before;
        let memory = TrainingMemory::new(&config, 1, 64, WORDS, false, FrozenPrecision::F32);
        let ratio = state as f64 / memory.optimizer as f64;
        println!("{name}: {:.1} MB of optimizer state", state as f64 / 1e6);
        assert!((0.95..1.25).contains(&ratio), "{name}: {state} {memory}");
        drop(training);
    }
}

#[test]
fn frozen_matrices_take_half_the_room_in_sixteen_bits() {
    let _alone = ALONE.lock();
    let device = Device::flex().autodiff();
    let config = preset("tiny");
    let held = |frozen: FrozenPrecision| {
        let before = live();
        let training = Training::with_frozen(&config, 1, 64, &device, frozen);
        let held = live() - before;
        drop(training);
        held as f64
    };
    let matrices = ParameterTable::new(&config).matrices as f64;
    // The thread of a test that has just ended may still free memory; that must not affect the measurement.
    held(FrozenPrecision::F32);
    let full = held(FrozenPrecision::F32);
    for half in [FrozenPrecision::F16, FrozenPrecision::Bf16] {
        let saved = full - held(half);
        println!(
            "{half}: {:.1} MB less of {:.1} MB",
            saved / 1e6,
            4e-6 * matrices
        );
        assert!((saved / (2.0 * matrices) - 1.0).abs() < 0.01, "{saved}");
    }
}

#[test]
fn checkpointing_changes_memory_and_nothing_else() {
    let _alone = ALONE.lock();
    let loss = |device: Device| {
        device.seed(3);
        let training = Training::new(&preset("micro"), 2, 64, &device).step();
        let loss = training.forward();
        let value: f32 = loss.clone().inner().into_scalar();
        loss.backward();
        value
    };
    let plain: f32 = loss(Device::flex().autodiff());
    let checkpointed = loss(Device::flex().autodiff().gradient_checkpointing());
    assert_eq!(plain, checkpointed);
}
