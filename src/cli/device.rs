//! Choosing the device that computes.

use std::fmt;

use anyhow::{Context, bail};
use burn::tensor::wgpu::{WgpuSetup, wgpu::DeviceType};
use burn::tensor::{Device, DeviceKind};
use clap::ValueEnum;

use crate::bundle::Residence;

/// What `--device` accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DeviceChoice {
    /// The first real GPU: CUDA where it is built in, then Vulkan; else the CPU.
    Auto,
    /// An NVIDIA GPU through CUDA; needs a build with `--features cuda`.
    Cuda,
    /// A GPU through Vulkan; software ones such as lavapipe too.
    Vulkan,
    /// The CPU.
    Cpu,
}

/// A device that was found.
#[derive(Debug, Clone)]
pub struct ChosenDevice {
    /// The device.
    pub device: Device,
    /// How quantised weights lie in its memory.
    pub residence: Residence,
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
    /// The machine has none of that kind, or the program was built without it.
    pub fn open(self) -> anyhow::Result<ChosenDevice> {
        self.open_nth(0)
    }

    /// Opens the device of that number, counted from 0, where there are several: one for each process
    /// on a machine with several CUDA GPUs.
    ///
    /// # Errors
    /// As [`DeviceChoice::open`].
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

    /// Opens the device of that very number, counted from 0: of the CUDA GPUs, or of the discrete ones
    /// that Vulkan knows.
    ///
    /// # Errors
    /// As [`DeviceChoice::open`], and where there are not so many.
    pub fn open_numbered(self, number: usize) -> anyhow::Result<ChosenDevice> {
        match self {
            Self::Cuda => {
                let chosen = cuda(number)?;
                // Where there are fewer, the number has begun again from 0.
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
                        "no discrete GPU number {number} through Vulkan: give a smaller number, or \
                         vulkan alone"
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
        residence: Residence::Float,
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
        bail!("the driver names no device");
    }
    let name = format!("{} ({:?})", info.name, info.backend);
    Ok((
        ChosenDevice {
            device,
            residence: Residence::Packed,
            name,
        },
        info.device_type,
    ))
}

#[cfg(feature = "cuda")]
fn cuda(number: usize) -> anyhow::Result<ChosenDevice> {
    use burn::tensor::{DeviceType, TensorData};

    if Device::enumerate(DeviceType::Cuda).into_vec().is_empty() {
        bail!("no CUDA device: install NVIDIA's driver, or use --device vulkan or cpu");
    }
    let count = Device::enumerate(DeviceType::Cuda).into_vec().len();
    // More processes than GPUs share them.
    let number = number % count;
    let device = Device::cuda(number);
    let probe = burn::tensor::Tensor::<1>::from_data(TensorData::from([1.0f32]), &device);
    probe
        .try_into_data()
        .context("the CUDA device does not answer")?;
    Ok(ChosenDevice {
        device,
        residence: Residence::Packed,
        name: format!("CUDA {number}"),
    })
}

#[cfg(not(feature = "cuda"))]
fn cuda(_: usize) -> anyhow::Result<ChosenDevice> {
    bail!(
        "this program was built without CUDA: build it with --features cuda, or use --device vulkan"
    )
}
