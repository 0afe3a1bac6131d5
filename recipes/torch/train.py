#!/usr/bin/env python3
"""Trains the network of `s4eca` on a CUDA GPU or on CPU cores, with the program's own samples.

    train.py --config tiny.json --words MODEL_FOLDER --encoder lite2.safetensors --program s4eca \\
      --data synthetic labelled:open-aerial ... --mix 4:3 --out OUT --dense-minutes 5 --mask-minutes 15

Two stages: the visual encoder on dense labels (dense.py), then S4ECA with both encoders frozen. A stage ends after a
given time; learning rates follow a cosine over it. Tensors are written under the program's own names, for
`s4eca quantize --tensors`. Validation files are streams that `s4eca samples --split val` wrote: NAME=FILE.
"""

import copy
import json
import os
import time
from pathlib import Path

import torch
import torch.nn.functional as F

import dense
import weights
from arguments import parse
from prompts import ClassPrompts
from steps import average_gradients, finite, initialise, mask_loss, set_rates
from stream import Ring
from things import Things
from validation import Validation

from network import S4eca  # noqa: E402  (weights.py has added its folder)

SURE = 0.15  # the former network is sure of a pixel below this probability, or above its complement


class Trainer:
    def __init__(self, arguments):
        self.arguments = arguments
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
        torch.manual_seed(arguments.seed)
        if arguments.torch_threads:
            torch.set_num_threads(arguments.torch_threads)
        self.config = json.loads(Path(arguments.config).read_text())
        self.out = Path(arguments.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.log = open(self.out / "metrics.jsonl", "a")
        self.model = S4eca(self.config)
        text, words = weights.minilm(arguments.words)
        weights.take(self.model, text, "text.")
        weights.take(self.model, weights.load_file(arguments.encoder), "vision.")
        initialise(self.model)
        if arguments.resume:
            kept = weights.load_file(arguments.resume)
            for prefix in {name.split(".")[0] + "." for name in kept}:
                weights.take(self.model, kept, prefix)
        self.model = self.model.to(self.device).to(memory_format=torch.channels_last)
        self.words = words.to(self.device)
        self.prompts = ClassPrompts(arguments, self.device) if arguments.prompts else None
        self.things = None
        if arguments.things:
            a = arguments
            self.things = Things(a.things, a.things_images, a.side, a.tokenizer, self.device, a.seed + 977 * a.rank)
            self.former = copy.deepcopy(self.model).eval() if a.things_kept else None
        self.validation = Validation(arguments.validation)

    def say(self, **values):
        if self.arguments.rank:
            return
        line = json.dumps(values)
        print(line, flush=True)
        self.log.write(line + "\n")
        self.log.flush()

    def amp(self):
        return torch.autocast(self.device.type, torch.bfloat16)

    def pixels(self, images):
        """Converts bytes `[batch, rows, columns, 3]` to the encoder's input, in channels-last order."""
        return ((images.float() - 127.0) / 128.0).permute(0, 3, 1, 2)

    def embed(self, tokens):
        """Returns rows of the word table, and a mask that is true at padding."""
        tokens = tokens[:, : int((tokens != 0).sum(dim=1).max())] if self.device.type == "cpu" else tokens
        return F.embedding(tokens.long(), self.words), tokens == 0

    def ring(self, data, mix, places, labels, phrases, seed):
        a = self.arguments
        command = [a.program, "samples", "--data", *data, "--mix", mix, "--side", str(a.side), "--count", "0",
                   "--phrases-per-scene", str(a.phrases), "--tokenizer", a.tokenizer, "--threads", str(a.threads)]
        if a.scene_weight:
            command += ["--scene-weight", *a.scene_weight]
        if labels:
            command.append("--labels")
        commands = [[*command, "--seed", str(seed + index)] for index in range(a.processes)]
        ring = Ring(commands, a.side, places, phrases, self.device, labels, a.fill)
        began = time.time()
        while ring.made < a.fill and ring.failed is None:
            time.sleep(0.5)
        self.say(event="ring filled", seconds=round(time.time() - began, 1), scenes=ring.made)
        return ring

    def train_encoder(self):
        """Makes the visual encoder learn, without its depthwise kernels on a CPU: there their gradient costs more than
        everything else together."""
        for name, parameter in self.model.vision.named_parameters():
            parameter.requires_grad_(self.device.type != "cpu" or not name.endswith("depthwise.weight"))

    # Stage one

    def dense(self):
        a = self.arguments
        vision = self.model.vision
        widths = [vision.shapes[vision.levels[stride]][1] for stride in (4, 8, 16, 32)]
        head = dense.DenseHead(widths, a.classes).to(self.device).to(memory_format=torch.channels_last)
        if a.dense_head:
            head.load_state_dict({k: v.float() for k, v in weights.load_file(a.dense_head).items()})
        truth = dense.Truth(a.classes, dense.MEMBERS, self.device)
        self.train_encoder()
        ring = self.ring(a.data, a.dense_mix or a.mix, a.places, True, 0, 1000)
        groups = [{"params": head.parameters(), "lr": a.dense_rate * 4},
                  {"params": [p for p in vision.parameters() if p.requires_grad], "lr": a.dense_rate}]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.02, eps=1e-8)
        average = weights.Average([*vision.parameters(), *head.parameters()], 0.998)
        began, step = time.time(), 0
        budget = a.dense_minutes * 60
        rates = [group["lr"] for group in groups]
        while True:
            spent = time.time() - began
            if spent > budget:
                break
            set_rates(optimizer, rates, spent / budget, step)
            at = ring.draw(a.dense_batch)
            images = self.pixels(ring.images[at])
            yes, known = truth.of(ring.labels[at][:, 2::4, 2::4], ring.complete[at])
            with self.amp():
                levels = vision(images, lambda _, x: x)
                logits = head([levels[stride] for stride in (4, 8, 16, 32)])
            loss = dense.loss_of(logits, yes, known)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*vision.parameters(), *head.parameters()], 1.0)
            optimizer.step()
            average.update()
            step += 1
            if step % a.say_every == 0:
                self.say(stage="dense", step=step, loss=round(loss.item(), 4), seconds=round(spent), made=ring.made,
                         rate=round(step * a.dense_batch / max(spent, 1e-9)))
        ring.stop()
        average.swap()
        with torch.no_grad():  # it is saved in sixteen bits, and stage two must see the same values
            for parameter in vision.parameters():
                parameter.copy_(parameter.half())
        tensors = weights.give(self.model, ["vision."])
        self.say(event="dense done", steps=step, images=step * a.dense_batch, finite=finite(tensors))
        weights.save(self.out / "vision.safetensors", {name: value.half() for name, value in tensors.items()})
        head_tensors = {name: value.detach().half().cpu().contiguous() for name, value in head.state_dict().items()}
        weights.save(self.out / "dense_head.safetensors", head_tensors)
        self.validation.dense(self, head, truth)

    # Stage two

    def mask(self):
        """Trains on masks. The first `--warm-minutes` train only what follows the encoder: the features of an image are
        then the same for all of its phrases, and no gradient passes through the encoder."""
        a, model = self.arguments, self.model
        for encoder in (model.text, model.vision):
            encoder.requires_grad_(False)
        if a.full:
            self.train_encoder()
        trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
        vision = {id(p) for p in model.vision.parameters()}
        groups = [
            {"params": [p for p in trained if id(p) not in vision], "lr": a.rate},
            {"params": [p for p in trained if id(p) in vision], "lr": a.full},
        ]
        groups = [group for group in groups if group["params"]]
        rates = [group["lr"] for group in groups]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01, eps=1e-8)
        average = weights.Average(trained, 0.998)
        state = self.out / "state.pt"
        step, before = 0, 0.0
        if state.exists():
            kept = torch.load(state, map_location=self.device)
            with torch.no_grad():
                for parameter, value in zip(trained, kept["trained"], strict=True):
                    parameter.copy_(value)
            average.kept, average.steps = kept["average"], kept["steps"]
            optimizer.load_state_dict(kept["optimizer"])
            step, before = kept["step"], kept["spent"]
            self.say(event="resumed", step=step, seconds=round(before))
        ring = self.ring(a.data, a.mix, a.places, a.prompts > 0, a.phrases, 5000 + 131 * step + 17 * a.rank)
        began = time.time() - before
        budget, next_check = a.mask_minutes * 60, before + a.check_minutes * 60
        first, sums, count = step, 0.0, 0
        while True:
            spent = self.agreed(time.time() - began)
            if spent > budget or spent > next_check:
                next_check = spent + a.check_minutes * 60
                average.swap()
                if a.rank == 0:
                    self.validation.masks(self)
                    self.keep()
                average.swap()
                if a.rank == 0:
                    torch.save({"trained": trained, "average": average.kept, "steps": average.steps,
                                "optimizer": optimizer.state_dict(), "step": step, "spent": spent}, f"{state}.new")
                    os.replace(f"{state}.new", state)
                if spent > budget:
                    break
            set_rates(optimizer, rates, spent / budget, step)
            warm = spent < a.warm_minutes * 60
            logits, target, known = self.predict(ring, warm)
            loss = mask_loss(logits.float(), target, known, a.gap_weight, a.least)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            average_gradients(trained, a.world)
            norm = torch.nn.utils.clip_grad_norm_(trained, 1.0)
            if not torch.isfinite(norm):
                raise RuntimeError(f"the gradient is not finite in step {step}")
            optimizer.step()
            average.update()
            step, sums, count = step + 1, sums + loss.item(), count + 1
            if step % a.say_every == 0:
                scenes = a.scenes + a.things_scenes * bool(self.things)
                made = (step - first) * scenes * (a.per_scene + a.prompts) * a.world
                self.say(stage="mask", step=step, loss=round(sums / count, 4), norm=round(norm.item(), 3), warm=warm,
                         seconds=round(spent), rate=round(made / max(time.time() - began - before, 1e-9), 1))
                sums, count = 0.0, 0
        ring.stop()
        self.say(event="mask done", steps=step)

    def predict(self, ring, warm):
        """Returns a batch: logits, target, and where the target is known, each `[phrases, 1, rows, columns]`."""
        a, model = self.arguments, self.model
        at = ring.draw(a.scenes)
        chosen = torch.rand(a.scenes, a.phrases, device=self.device).argsort(1)[:, : a.per_scene]
        rows, cells = at[:, None], a.side // 4
        masks = ring.masks[rows, chosen].flatten(0, 1).reshape(-1, 1, cells, cells)
        known = (masks != 255).float()
        target = masks.float().clamp(max=16.0) / 16.0 * known
        tokens = ring.tokens[rows, chosen]
        if a.prompts:
            asked, target_of_class, known_of_class = self.prompts.draw(ring.labels[at], ring.complete[at], a.prompts)
            tokens = torch.cat([tokens, asked], 1)
            shape = (a.scenes, -1, 1, cells, cells)
            target, known = (
                torch.cat([one.view(shape), other.view(shape)], 1).flatten(0, 1)
                for one, other in ((target, target_of_class), (known, known_of_class))
            )
        images, tokens = ring.images[at], tokens.flatten(0, 1)
        if self.things:
            count = a.per_scene + a.prompts
            more, asked, masks, clear = self.things.draw(a.things_scenes, count, a.things_kept)
            if a.things_kept:
                self.recall(more, asked, masks, clear)
            images, tokens = torch.cat([images, more]), torch.cat([tokens, asked.flatten(0, 1)])
            target, known = (
                torch.cat([one, other.view(-1, 1, cells, cells)]) for one, other in ((target, masks), (known, clear))
            )
        words, padding = self.embed(tokens)
        images = self.pixels(images)
        with self.amp():
            language = model.read(words, padding)
            if warm:
                with torch.no_grad():
                    found, fine = model.plain(images)
                logits = model.mask_of(found, fine, language)
            else:
                with torch.set_grad_enabled(bool(a.full)):
                    x, fine = model.before_adapters(images)
                logits = model.mask(x, fine, language)
        return logits, target, known

    @torch.no_grad()
    def recall(self, images, tokens, masks, clear):
        """Replaces the masks of kept prompts by what the network found before this training, where it was sure."""
        kept = self.arguments.things_kept
        words, padding = self.embed(tokens[:, -kept:].flatten(0, 1))
        with self.amp():
            x, fine = self.former.before_adapters(self.pixels(images))
            p = self.former.mask(x, fine, self.former.read(words, padding)).float().sigmoid()
        p = p.view(masks[:, -kept:].shape)
        solid = masks[:, -kept:] > 0
        clear[:, -kept:] *= ((p < SURE) | (p > 1.0 - SURE) | solid).float()
        masks[:, -kept:] = torch.where(solid, 0.0, p)

    # Several processes

    def agreed(self, value):
        """Returns the first process's value in all processes."""
        if self.arguments.world == 1:
            return value
        told = torch.tensor([value], dtype=torch.float64)
        torch.distributed.broadcast(told, 0)
        return told.item()

    def keep(self):
        """Saves the trained tensors only, in small files."""
        adapters = weights.give(self.model, ["textual_adapters.", "visual_adapters.", "neck.", "decoder.", "head."])
        weights.save(self.out / "trained.safetensors", adapters)
        if self.arguments.full:
            tensors = weights.give(self.model, ["vision."])
            weights.save(self.out / "vision.safetensors", {name: value.half() for name, value in tensors.items()})


def main():
    arguments = parse()
    # torchrun sets these; without it there is one process.
    arguments.rank, arguments.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if arguments.world > 1:
        torch.distributed.init_process_group("gloo")
    trainer = Trainer(arguments)
    if arguments.dense_minutes > 0:
        trainer.dense()
    if arguments.mask_minutes > 0:
        trainer.mask()


if __name__ == "__main__":
    main()
