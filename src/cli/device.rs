//! Choice of the compute device.

use std::fmt;

use anyhow::{Context, bail};
use burn::tensor::wgpu::{WgpuSetup, wgpu::DeviceType};
use burn::tensor::{Device, DeviceKind};
use clap::ValueEnum;

use crate::bundle::WeightStorage;

/// Values of `--device`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeviceChoice {
    /// The first hardware GPU: CUDA if built in, then Vulkan; otherwise the CPU.
    Auto,
    /// An NVIDIA GPU through CUDA; needs a build with `--features cuda`.
    Cuda,
    /// A GPU through Vulkan, including software devices such as lavapipe.
    Vulkan,
    /// The CPU.
    Cpu,
}

/// A device that was found.
#[derive(Debug, Clone)]
pub struct ChosenDevice {
    /// The device.
    pub device: Device,
    /// How quantised weights are stored in its memory.
    pub storage: WeightStorage,
    /// Its name.
    pub name: String,
}

impl fmt::Display for ChosenDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl DeviceChoice {
    /// Opens the device.
    ///
    /// # Errors
    /// Fails if the machine has no device of that kind, or the program was built without support for it.
    pub fn open(self) -> anyhow::Result<ChosenDevice> {
        self.open_nth(0)
    }

    /// Opens the device for process `number`, counted from 0. With several CUDA GPUs each process gets its
    /// own; the number wraps around if there are more processes than GPUs. Vulkan and the CPU ignore it.
    ///
    /// # Errors
    /// Fails like [`DeviceChoice::open`].
    pub fn open_nth(self, number: usize) -> anyhow::Result<ChosenDevice> {
        match self {
            Self::Cpu => Ok(cpu()),
            Self::Cuda => cuda(number),
            Self::Vulkan => {
                let (chosen, _) = vulkan(None).context(
                    "no Vulkan device: install a driver (Debian: mesa-vulkan-drivers), or use \
                     --device cpu",
                )?;
                Ok(chosen)
            }
            Self::Auto => {
                if let Ok(chosen) = cuda(number) {
                    return Ok(chosen);
                }
                match vulkan(None) {
                    Ok((chosen, kind)) if kind != DeviceType::Cpu => Ok(chosen),
                    _ => Ok(cpu()),
                }
            }
        }
    }

    /// Opens exactly the device with this number, counted from 0 among the CUDA GPUs or among the discrete GPUs that
    /// Vulkan reports.
    ///
    /// # Errors
    /// Fails like [`DeviceChoice::open`], and if no device has this number.
    pub fn open_numbered(self, number: usize) -> anyhow::Result<ChosenDevice> {
        match self {
            Self::Cuda => {
                let chosen = cuda(number)?;
                // If there are fewer GPUs, `cuda` has wrapped the number around.
                let name = format!("CUDA {number}");
                anyhow::ensure!(
                    chosen.name == name,
                    "there is no {name}: give a smaller number"
                );
                Ok(chosen)
            }
            Self::Vulkan => {
                let (chosen, _) = vulkan(Some(number)).with_context(|| {
                    format!(
                        "Vulkan reports no discrete GPU number {number}: give a smaller number, or \
                         vulkan without a number"
                    )
                })?;
                Ok(chosen)
            }
            Self::Auto | Self::Cpu => self.open(),
        }
    }
}

fn cpu() -> ChosenDevice {
    ChosenDevice {
        device: Device::flex(),
        storage: WeightStorage::Float,
        name: "CPU".to_owned(),
    }
}

fn vulkan(number: Option<usize>) -> anyhow::Result<(ChosenDevice, DeviceType)> {
    let mut options = Device::wgpu_options();
    if let Some(number) = number {
        options = options.device_kind(DeviceKind::DiscreteGpu(number));
    }
    let (device, setup): (Device, WgpuSetup) = options.init_with_setup()?;
    let info = setup.adapter.get_info();
    if info.device_type == DeviceType::Other && info.name.is_empty() {
        bail!("the driver reports no device");
    }
    let name = format!("{} ({:?})", info.name, info.backend);
    Ok((
        ChosenDevice {
            device,
            storage: WeightStorage::Packed,
            name,
        },
        info.device_type,
    ))
}

#[cfg(feature = "cuda")]
fn cuda(number: usize) -> anyhow::Result<ChosenDevice> {
    use burn::tensor::{DeviceType, TensorData};

    let count = Device::enumerate(DeviceType::Cuda).into_vec().len();
    if count == 0 {
        bail!("no CUDA device: install NVIDIA's driver, or use --device vulkan or cpu");
    }
    // If there are more processes than GPUs, processes share them.
    let number = number % count;
    let device = Device::cuda(number);
    let probe = burn::tensor::Tensor::<1>::from_data(TensorData::from([1.0f32]), &device);
    probe
        .try_into_data()
        .context("the CUDA device does not respond")?;
    Ok(ChosenDevice {
        device,
        storage: WeightStorage::Packed,
        name: format!("CUDA {number}"),
    })
}

#[cfg(not(feature = "cuda"))]
fn cuda(_: usize) -> anyhow::Result<ChosenDevice> {
    bail!(
        "this program was built without CUDA: build it with --features cuda, or use --device vulkan"
    )
}
