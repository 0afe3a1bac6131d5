//! Opens the browser's GPU, or the CPU.

use burn::tensor::Device;
use serde::Serialize;

use crate::bundle::WeightStorage;

/// Kernels per submission. A whole forward pass of `tiny` has a few hundred.
const TASKS_MAX: usize = 128;

/// What the page shows about the device.
#[derive(Debug, Clone, Serialize)]
pub struct Backend {
    /// `webgpu` or `cpu`.
    pub kind: &'static str,
    /// Name of the adapter.
    pub adapter: String,
    /// Whether the adapter is software that runs on the CPU.
    pub software: bool,
}

/// Opens the device that `kind` names.
///
/// # Errors
/// Returns a text that says why there is no device.
pub async fn open(kind: &str) -> Result<(Device, WeightStorage, Backend), String> {
    match kind {
        "cpu" => {
            let backend = Backend {
                kind: "cpu",
                adapter: "WebAssembly".to_owned(),
                software: false,
            };
            Ok((Device::flex(), WeightStorage::Float, backend))
        }
        "webgpu" => {
            let (device, setup) = Device::wgpu_options()
                .tasks_max(TASKS_MAX)
                .init_with_setup_async()
                .await
                .map_err(|error| format!("the browser offers no WebGPU device ({error})"))?;
            let info = setup.adapter.get_info();
            let backend = Backend {
                kind: "webgpu",
                software: is_software(&info),
                adapter: adapter_name(&info),
            };
            Ok((device, WeightStorage::Packed, backend))
        }
        other => Err(format!(
            "there is no backend {other:?}: choose webgpu or cpu"
        )),
    }
}

fn adapter_name(info: &wgpu::AdapterInfo) -> String {
    let parts = [
        info.name.as_str(),
        info.driver.as_str(),
        info.driver_info.as_str(),
    ];
    let named: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if named.is_empty() {
        "unnamed GPU".to_owned()
    } else {
        named.join(", ")
    }
}

fn is_software(info: &wgpu::AdapterInfo) -> bool {
    let text = format!("{} {} {}", info.name, info.driver, info.driver_info).to_lowercase();
    info.device_type == wgpu::DeviceType::Cpu
        || ["swiftshader", "llvmpipe", "lavapipe"]
            .iter()
            .any(|name| text.contains(name))
}
