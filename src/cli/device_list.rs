//! Several devices that train together in one process.

use std::str::FromStr;

use anyhow::bail;
use clap::ValueEnum;

use super::device::{ChosenDevice, DeviceChoice};

/// Value of `train --device`: one device, or several separated by commas. A number selects one of several devices of
/// the same kind: `cuda:0,cuda:1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceList(Vec<Name>);

/// One entry of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Name {
    choice: DeviceChoice,
    number: Option<usize>,
}

impl DeviceList {
    /// Opens the devices, at least one. `local_rank` is the number of this process on its host; it selects the device
    /// if the list gives no number.
    ///
    /// # Errors
    /// Fails if a device does not exist, or if several processes on one host each want several devices.
    pub fn open(&self, local_rank: usize) -> anyhow::Result<Vec<ChosenDevice>> {
        if self.0.len() > 1 && local_rank > 0 {
            bail!(
                "several processes on one host each want several devices: start one process per host, or \
                 give each process one device"
            );
        }
        let mut opened: Vec<ChosenDevice> = Vec::with_capacity(self.0.len());
        for (place, name) in self.0.iter().enumerate() {
            // Open no device twice.
            let before = self.0[..place].iter().position(|other| other == name);
            opened.push(match (before, name.number) {
                (Some(before), _) => opened[before].clone(),
                (None, Some(number)) => name.choice.open_numbered(number)?,
                (None, None) => name.choice.open_nth(local_rank)?,
            });
        }
        Ok(opened)
    }
}

impl FromStr for DeviceList {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = text.split(',').map(|name| {
            let (kind, number) = match name.split_once(':') {
                None => (name, None),
                Some((kind, number)) => match number.parse() {
                    Ok(number) => (kind, Some(number)),
                    Err(_) => return Err(format!("{name:?}: write a number after the colon")),
                },
            };
            let choice = DeviceChoice::from_str(kind, false).map_err(|_| {
                format!(
                    "there is no device {kind:?}: choose auto, cpu, cuda or vulkan, or several such as \
                     cuda:0,cuda:1"
                )
            })?;
            if number.is_some() && matches!(choice, DeviceChoice::Auto | DeviceChoice::Cpu) {
                return Err(format!("{name:?}: only cuda and vulkan have numbers"));
            }
            Ok(Name { choice, number })
        });
        names.collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_nonsense_is_named() {
        let read = |text: &str| text.parse::<DeviceList>();
        let cuda = |number| Name {
            choice: DeviceChoice::Cuda,
            number: Some(number),
        };
        assert_eq!(
            read("cuda:0,cuda:3"),
            Ok(DeviceList(vec![cuda(0), cuda(3)]))
        );
        assert_eq!(read("cpu,vulkan").map(|list| list.0.len()), Ok(2));
        for (text, words) in [
            ("", "there is no device \"\""),
            ("gpu", "cuda:0,cuda:1"),
            ("cuda:x", "number after the colon"),
            ("cpu:1", "only cuda and vulkan"),
            ("cpu,,cpu", "there is no device"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn a_device_named_twice_is_opened_once() {
        let list: DeviceList = "cpu,cpu".parse().expect("a list");
        let opened = list.open(0).expect("the CPU");
        assert_eq!(opened[0].device, opened[1].device);
        let error = list.open(1).expect_err("two processes").to_string();
        assert!(error.contains("one process per host"), "{error}");
    }
}
