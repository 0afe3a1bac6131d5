"""Samples from several parallel processes of `s4eca samples`, kept in a ring buffer on the device.

Training on a fast GPU sees a scene more than once before the next one arrives: the ring holds as many scenes as fit,
new ones replace the oldest, and a batch is drawn from all scenes in it.
"""

import struct
import subprocess
import threading
import time

import numpy as np
import torch

MAGIC = 0x53344531
HEADER = struct.Struct("<II")
TOKENS = 40
PADDING = 0
ABSENT, WHOLE, POSITION, SIZE, COLOUR, RELATION, SUPERLATIVE = 1, 2, 4, 8, 16, 32, 64


class Record:
    """One scene with its phrases."""

    def __init__(self, body):
        side, flags, self.source, count, name = struct.unpack_from("<HBBHH", body)
        place = 8 + name
        self.name = bytes(body[8:place]).decode()
        self.image = np.frombuffer(body, np.uint8, side * side * 3, place).reshape(side, side, 3)
        place += side * side * 3
        self.labels, self.complete = None, 0
        if flags & 1:
            self.labels = np.frombuffer(body, np.uint8, side * side, place).reshape(side, side)
            place += side * side
            (self.complete,) = struct.unpack_from("<I", body, place)
            place += 4
        cells = side // 4
        self.tokens = np.full((count, TOKENS), PADDING, np.int32)
        self.lengths = np.zeros(count, np.int64)
        self.classes, self.kinds, self.phrases = [], [], []
        self.masks = np.empty((count, cells, cells), np.uint8)
        for index in range(count):
            (length,) = struct.unpack_from("<H", body, place)
            ids = np.frombuffer(body, "<u2", length, place + 2)[:TOKENS]
            self.tokens[index, : len(ids)] = ids
            self.lengths[index] = len(ids)
            place += 2 + 2 * length
            class_id, kind, text = struct.unpack_from("<BBH", body, place)
            self.classes.append(class_id)
            self.kinds.append(kind)
            self.phrases.append(bytes(body[place + 4 : place + 4 + text]).decode())
            place += 4 + text
            self.masks[index] = np.frombuffer(body, np.uint8, cells * cells, place).reshape(cells, cells)
            place += cells * cells
        if place != len(body):
            raise ValueError(f"a record of {len(body)} bytes was read as one of {place}")


def records(pipe):
    """Yields the records of a binary stream until it ends."""
    while True:
        header = pipe.read(HEADER.size)
        if len(header) < HEADER.size:
            return
        magic, length = HEADER.unpack(header)
        if magic != MAGIC:
            raise ValueError("this is no stream of samples")
        body = bytearray(length)
        view, filled = memoryview(body), 0
        while filled < length:
            got = pipe.readinto(view[filled:])
            if not got:
                return
            filled += got
        yield Record(body)


def read_file(path):
    with open(path, "rb") as file:
        return list(records(file))


class Ring:
    """Scenes on the device. One thread per command fills it."""

    def __init__(self, commands, side, places, phrases, device, labels, ahead):
        self.ahead = ahead
        self.side, self.places, self.phrases, self.device = side, places, phrases, device
        cells = side // 4
        self.images = torch.zeros(places, side, side, 3, dtype=torch.uint8, device=device)
        self.labels = self.complete = self.masks = self.tokens = None
        if labels:
            self.labels = torch.full((places, side, side), 255, dtype=torch.uint8, device=device)
            self.complete = torch.zeros(places, dtype=torch.int64, device=device)
        if phrases:
            self.masks = torch.zeros(places, phrases, cells, cells, dtype=torch.uint8, device=device)
            self.tokens = torch.zeros(places, phrases, TOKENS, dtype=torch.int32, device=device)
        self.next, self.made, self.drawn, self.failed = 0, 0, 0, None
        self.lock = threading.Lock()
        self.processes = [subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=1 << 22) for command in commands]
        for process in self.processes:
            threading.Thread(target=self.fill, args=(process,), daemon=True).start()

    def fill(self, process):
        """Runs in one thread: reads groups of records and copies each group to its places."""
        group = []
        try:
            for record in records(process.stdout):
                group.append(record)
                if len(group) == 32:
                    self.put(group)
                    group = []
        except Exception as error:  # kept for the training thread, which raises it
            self.failed = error
        if self.failed is None and process.wait() != 0:
            self.failed = RuntimeError(f"{process.args} ended with {process.returncode}")

    def put(self, group):
        images = torch.from_numpy(np.stack([record.image for record in group])).to(self.device)
        if self.labels is not None:
            unknown = np.full((self.side, self.side), 255, np.uint8)
            labels = [unknown if record.labels is None else record.labels for record in group]
            labels = torch.from_numpy(np.stack(labels)).to(self.device)
            complete = torch.tensor([record.complete for record in group], device=self.device)
        if self.phrases:
            # If a scene has fewer phrases than places, they repeat.
            chosen = [np.arange(self.phrases) % len(record.masks) for record in group]
            masks = np.stack([record.masks[index] for record, index in zip(group, chosen)])
            tokens = np.stack([record.tokens[index] for record, index in zip(group, chosen)])
            masks, tokens = torch.from_numpy(masks).to(self.device), torch.from_numpy(tokens).to(self.device)
        # New scenes are added no faster than old ones are drawn: on a CPU the training itself needs the time.
        while self.made > self.ahead + self.drawn:
            time.sleep(0.05)
        with self.lock:
            at = (torch.arange(len(group), device=self.device) + self.next) % self.places
            self.next = (self.next + len(group)) % self.places
            self.images[at] = images
            if self.labels is not None:
                self.labels[at], self.complete[at] = labels, complete
            if self.phrases:
                self.masks[at], self.tokens[at] = masks, tokens
            self.made += len(group)

    def draw(self, count):
        """Returns random places among the filled ones."""
        if self.failed is not None:
            raise self.failed
        self.drawn += count
        return torch.randint(min(self.made, self.places), (count,), device=self.device)

    def stop(self):
        for process in self.processes:
            process.kill()
