"""Writes the token ids of 200 phrases from the Python tokenizers, for tests/tokens.rs to compare with.

    python3 tests/reference/tokens.py .cache/minilm/tokenizer.json .cache/clip/bpe_simple_vocab_16e6.txt.gz

Needs transformers 5. Writes tests/fixtures/tokens/minilm.json (the tokenizer of all-MiniLM-L6-v2) and clip.json
(transformers' CLIPTokenizer with OpenAI's merges), each a list of {phrase, ids}. No phrase contains a special token,
since the Python tokenizers read them as such.

With --openai FILE it also prints where the original implementation gives other ids. FILE is clip/simple_tokenizer.py of
github.com/openai/CLIP, which needs ftfy and regex.
"""

import argparse
import gzip
import importlib.util
import json
from pathlib import Path

from transformers import CLIPTokenizer, PreTrainedTokenizerFast

FIXTURES = Path(__file__).parent.parent / "fixtures" / "tokens"

# One phrase per line.
ENGLISH = """
the red car on the left
a car
ships
the vehicle in the middle of the parking lot
a white truck parked next to the grey building
the large storage tank at the bottom right
the basketball court above the tennis court
two tennis courts side by side
the small green roundabout near the bridge
an expressway service area with many cars
the leftmost airplane on the apron
a windmill surrounded by farmland
the dam across the reservoir
the golf course to the north of the river
the stadium with a running track
a chimney casting a long shadow
the overpass that crosses the railway
the harbour full of sailing boats
the baseball diamond in the lower left corner
swimming pool behind the house with the red roof
solar panels on the flat roof of the warehouse
the second building from the right
the smallest of the three ponds
everything that is not water
all the buildings along the main road
the dirt road leading to the quarry
trees
the nearest island
a very small vehicle at the top
the toll station on the motorway
the ground track field is on the lower right of the basketball court on the left
the aircraft that is taxiing towards the terminal
the ship which is moored at the dock and has a blue deck
the crossroads without traffic lights
the helipad marked with a letter
containers stacked beside the crane
a construction site with excavators
flooded farmland
collapsed buildings after the earthquake
the cargo plane being loaded
the circular irrigation fields
the wastewater treatment plant's clarifiers
the semi-detached houses
"""

SPELLING = """
The RED Car On The LEFT
THE LARGEST STORAGE TANK
A Boeing 747 at Gate B12
iPhone-shaped building
McDonald's car park
the car's roof
it's the one that's nearest
they're parked, we've seen them, I'm sure, he'll move, she'd leave
don't select the cars that aren't red
THE SHIP'S DECK ISN'T BLUE
the ships' decks
rock'n'roll stage
o'clock 'twas ''quoted''
the well-known two-storey L-shaped building
state-of-the-art, north-north-east, T-junction
the en–dash and the em—dash
a non‑breaking hyphen
snake_case_name and kebab-case-name
CamelCaseWord and lowerCamelCase
the car, the bus, and the truck
the car. The bus! The truck?
what is that?!
"the quoted car"
the (small) [round] {curly} <angle> tank
a/b and c\\d or e|f
50% of the roof & 3 + 4 = 7
cost: $100, €200, £300, ¥400
e-mail me@example.com about #42
https://example.com/a?b=c&d=e#f
...and so on...
!!!
?
~^`*
the car,truck and bus
wait... what
car;truck:bus
:) :-( ;P
"""

NUMBERS = """
3 cars
the 2 ships and the 10 boats
1234567890
the 1st, 2nd, 3rd and 42nd court
3.14 and 1,000,000
route 66
-12.5 degrees
A1 B22 C333
2x2 grid
1/2 of the field
10:30 on 2024-01-31
0
007
½ of the field, x² and H₂O
Ⅷ and ⅷ
٣ cars and ३ boats
100m by 50m
"""

ACCENTS = """
the café on the corner
Zürich main station
São Paulo's stadium
naïve façade, rôle, œuvre
crème brûlée
Ångström and Øresund
Łódź
İstanbul and ılıca
straße and STRASSE and ẞ
Đà Nẵng Việt Nam
e\u0301clair and E\u0301cole
n\u0303 a\u0308 o\u0302\u0301
ÀÉÎÕÜ
façade FAÇADE Façade
el niño y la señal
Þingvellir
the ﬁne ﬂag
Dž dž Ǆ
ｆｕｌｌ ｗｉｄｔｈ ＣＡＲ
"""

SCRIPTS = """
красная машина слева
КРАСНАЯ МАШИНА
ёлка и йод
the красная car
建物
左边的红色汽车
the 建物 on the left
右の赤い車
ビルディング
왼쪽의 빨간 차
السيارة الحمراء على اليسار
المبنى
הבניין האדום
το κόκκινο αυτοκίνητο
ΟΔΟΣ
लाल गाड़ी बाईं ओर
রাস্তা
รถสีแดงทางซ้าย
წითელი მანქანა
կարմիր մեքենա
xe ô tô màu đỏ
சிவப்பு கார்
car машина 車 سيارة
𝓬𝓪𝓻 𝐜𝐚𝐫 🄲🄰🅁
𠮷野家
"""

SIGNS = """
🚗
🚗🏠🚢
the 🚗 on the left
the red car 🚗!
👨‍👩‍👧‍👦 family
👍🏽 good
🇩🇪 flag
☂️ umbrella
❤
the car → the bus
a ≤ b ≥ c ≠ d
∑ ∫ √ ∞
■ □ ● ○ ★ ☆
“curly” ‘quotes’ and the car’s roof
«guillemets» „low“
ellipsis… dash― bullet•
50° north, 3′ 4″
© ® ™ § ¶
、。「」！？
¿qué? ¡sí!
N° 5 and № 6
"""

# Phrases with white space and invisible characters, which a line of text would hide.
OTHER = [
    "",
    " ",
    "\t",
    "\n",
    "  two  spaces   between    words  ",
    "\ttabs\tbetween\twords\t",
    "a line\nand another\r\nand a third\n\n",
    "non\u00a0breaking\u00a0space",
    "thin\u2009space and ideographic\u3000space",
    "line\u2028separator and paragraph\u2029separator",
    "next\u0085line and form\ffeed and vertical\vtab",
    "zero\u200bwidth\u200bspace",
    "zero\u200cwidth\u200djoiner",
    "\ufeffbyte order mark",
    "word\u2060joiner and soft\u00adhyphen",
    "left\u200eto\u200fright marks",
    "replacement \ufffd character",
    "bell\u0007 and escape\u001b and null\u0000",
    "private \ue000 use",
    "<b>the red car</b>",
    "<p class=\"x\">a &amp; b &lt; c</p>",
    "&nbsp;the&#39;car&quot;",
    "<script>alert('car')</script>",
    "{\"phrase\": \"the red car\"}",
    "[MASKED] and <|start|> and </w>",
    "the</w>car</w>",
    "##ing ##s Ġthe",
    "a" * 99,
    "a" * 101,
    "pneumonoultramicroscopicsilicovolcanoconiosis",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "supercalifragilisticexpialidocious" * 4,
    "car" * 60,
    "the red car and " * 40,
    "9" * 60,
    "!" * 60,
    "\u0301 a lone accent",
    "a" + "\u0301" * 20,
]


def phrases():
    lines = [ENGLISH, SPELLING, NUMBERS, ACCENTS, SCRIPTS, SIGNS]
    return [line for text in lines for line in text.strip("\n").split("\n")] + OTHER


def clip_tokenizer(merges_gz):
    """Returns transformers' CLIPTokenizer, made from OpenAI's list of merges."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    symbols = [chr(byte) for byte in printable] + [chr(0x100 + i) for i in range(256 - len(printable))]
    lines = gzip.open(merges_gz, "rt", encoding="utf-8").read().split("\n")
    merges = [tuple(line.split()) for line in lines[1 : 49408 - 512 - 2 + 1]]
    pieces = symbols + [symbol + "</w>" for symbol in symbols] + ["".join(merge) for merge in merges]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {piece: id for id, piece in enumerate(pieces)}
    assert len(vocabulary) == 49408
    return CLIPTokenizer(vocab=vocabulary, merges=merges)


def write(name, tokenizer, texts):
    FIXTURES.mkdir(parents=True, exist_ok=True)
    ids = [tokenizer(text, truncation=False, padding=False)["input_ids"] for text in texts]
    lines = [json.dumps({"phrase": text, "ids": row}) for text, row in zip(texts, ids)]
    (FIXTURES / name).write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="ascii")
    return ids


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minilm", help="tokenizer.json of all-MiniLM-L6-v2")
    parser.add_argument("merges", help="bpe_simple_vocab_16e6.txt.gz")
    parser.add_argument("--openai", help="OpenAI's simple_tokenizer.py")
    arguments = parser.parse_args()
    texts = phrases()
    assert len(texts) == len(set(texts)) == 200, len(texts)
    minilm = PreTrainedTokenizerFast(
        tokenizer_file=arguments.minilm, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]"
    )
    write("minilm.json", minilm, texts)
    ids = write("clip.json", clip_tokenizer(arguments.merges), texts)
    if arguments.openai:
        spec = importlib.util.spec_from_file_location("simple_tokenizer", arguments.openai)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        first = module.SimpleTokenizer(arguments.merges)
        for text, row in zip(texts, ids):
            if first.encode(text) != row[1:-1]:
                print("OpenAI's own differs:", ascii(text))


if __name__ == "__main__":
    main()
