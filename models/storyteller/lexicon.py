"""The words: who and what a story can be about, where it happens, and what each trait looks like in deeds.

Lists are plain strings of words split at `, `, so that they stay easy to read and to extend.
"""


def words(text: str) -> tuple[str, ...]:
    """Split a comma-separated list that may run over several lines."""
    return tuple(" ".join(word.split()) for word in text.split(",") if word.strip())


# Heroes and friends whose pronoun is open.
CREATURES = words("""
fox, bear, rabbit, mouse, owl, cat, dog, wolf, hedgehog, squirrel, badger, otter, deer, duck, goose, swan, crow,
raven, sparrow, robin, frog, toad, turtle, tortoise, snail, bee, ant, beetle, butterfly, spider, cricket, firefly,
lion, tiger, elephant, giraffe, monkey, panda, koala, kangaroo, penguin, seal, whale, dolphin, octopus, crab, fish,
shark, horse, pony, donkey, goat, sheep, lamb, cow, pig, piglet, hen, rooster, chick, turkey, parrot, peacock, eagle,
hawk, kitten, puppy, foal, mole, bat, beaver, moose, camel, llama, zebra, hippo, rhino, crocodile, lizard, snake,
gecko, dragon, unicorn, griffin, phoenix, troll, giant, goblin, elf, fairy, dwarf, gnome, ghost, monster, mermaid,
witch, wizard, child, baker, farmer, fisher, sailor, pirate, knight, miller, tailor, painter, singer, gardener,
shepherd, cook, doctor, teacher, inventor, clockmaker, astronaut, robot, scarecrow, snowman, wanderer, hermit,
merchant, blacksmith, weaver, juggler, thief, captain, detective, librarian, musician, dancer, builder, postman,
explorer, scientist, student, soldier, hamster, raccoon, ferret, weasel, stork, heron, pelican, pigeon, magpie,
dinosaur, yeti, puppet, apprentice, neighbour, stranger, traveller, poet
""")
SHE = words("girl, queen, princess, grandmother, old woman, mother, sister, aunt, woman, lady, duchess, daughter, nun")
HE = words("boy, king, prince, grandfather, old man, father, brother, uncle, man, lord, duke, son, monk")
# Things that may be heroes too.
LIVING_THINGS = words("""
cloud, star, moon, river, tree, lighthouse, teapot, lantern, train, tractor, little boat, kite, toy soldier, leaf,
snowflake, candle, bus, windmill, pebble, raindrop, pumpkin, acorn, broom, car, computer, paper boat, sunflower,
shadow, balloon
""")
THINGS = words("""
key, lamp, ring, book, map, drum, bell, clock, kite, boat, shoe, hat, coat, scarf, cup, bowl, spoon, pot, kettle,
lantern, candle, mirror, crown, sword, shield, rope, ladder, bucket, basket, box, chest, coin, stone, pebble, shell,
pearl, feather, flower, rose, seed, acorn, apple, pear, pumpkin, egg, loaf, cake, pie, cookie, letter, pencil, brush,
painting, flute, fiddle, violin, guitar, harp, trumpet, whistle, doll, ball, puzzle, wheel, cart, wagon, bicycle,
umbrella, blanket, pillow, quilt, button, needle, ribbon, bottle, jar, telescope, compass, bridge, door, gate,
window, chair, table, wand, potion, cloak, diamond, ruby, emerald, necklace, bracelet, watch, music box,
treasure chest, treasure map, paper boat, rocking horse, teddy bear, silver spoon, fishing rod, hot air balloon,
flying carpet, wooden leg, glass slipper, snow globe, magnifying glass, toy train, bird cage, walking stick,
story book, cookie jar, water wheel, machine, engine, rocket, radio, camera, robot, toy, gift, secret, song, recipe,
dream, wish, melon, lemon, carrot, turnip, nest, net, anchor, sail, oar, flag, tent, bone, mushroom, leaf, star, bag,
purse, glove, mitten, sock, boot, apron, hammer, saw, spade, locket, statue, cat, dog, parrot, cow, goat, kitten,
hen, dictionary, train ticket, phone, notebook, sandwich, sundial, hourglass, marble, snowflake
""")
# Mass nouns: "some honey", never "a honey".
STUFF = words("""
honey, bread, cheese, gold, silver, milk, soup, jam, butter, sugar, salt, string, paint, ink, wool, paper, tea,
chocolate, magic dust, treasure, moonlight, firewood, hay, rice, music, sand, water, lemonade, clay, glue
""")
# Plural things: "them", "were".
PLURALS = words("""
shoes, boots, glasses, mittens, beads, seeds, marbles, cookies, berries, apples, feathers, keys, coins, pearls,
letters, dancing shoes, beans, wings, buttons, socks, pancakes, cherries, shells, skates, drums, candles, matches,
eggs, books
""")

TRAITS = words("""
brave, shy, clever, lazy, kind, greedy, curious, proud, sleepy, grumpy, cheerful, clumsy, patient, honest, lonely,
hungry, forgetful, gentle, stubborn, quiet, noisy, wise, careful, friendly, sad, happy, timid, selfish, hopeful,
restless
""")
LOOKS = words("""
little, small, tiny, big, large, old, young, red, white, black, grey, brown, golden, spotted, striped, fluffy, thin,
round, tall, short, one-eyed, barefoot, ragged, blue, green, pink, purple, orange, wooden, poor, rich, elderly,
famous, strange
""")

LOST = words("lost, missing, misplaced, forgotten")
BROKEN = words("broken, cracked, torn, rusty, shattered, bent, worn-out")
STOLEN = words("stolen, borrowed")
MAGIC = words("magic, magical, enchanted, talking, singing, glowing, wishing, flying, cursed, haunted, mysterious")
HIDDEN = words("hidden, secret, buried, sunken, ancient")
PLAIN = words("""
golden, silver, red, blue, green, yellow, white, black, purple, tiny, little, big, giant, shiny, old, new, wooden,
glass, paper, stone, iron, copper, heavy, light, beautiful, strange, precious, ordinary, sparkling, dusty, warm,
crooked, round, painted, striped, empty, soft, special, wonderful, royal, crystal, velvet, pink, orange, frozen,
delicious, enormous
""")

# Preposition, place.
PLACES = tuple(
    (preposition, noun)
    for preposition, nouns in {
        "in": """forest, village, town, city, castle, cave, garden, valley, meadow, desert, jungle, swamp, palace,
            kitchen, library, orchard, wood, harbour, school, museum, tower, kingdom, park, barn, cottage, bakery,
            attic, mine, monastery, zoo, hospital, theatre, workshop, snowy land, big city, train station,
            land far away, fishing village""",
        "on": """hill, island, mountain, farm, beach, ship, river bank, moon, cliff, bridge, glacier, roof, train,
            planet, spaceship""",
        "by": """sea, lake, river, ocean, pond, waterfall, lighthouse, old well, stream, road""",
        "at": """market, fair, mill, crossroads, circus, north pole, edge of the world, bottom of the sea,
            end of the road, inn""",
        "under": """hill, old bridge, oak tree, sea, city""",
        "near": """castle, volcano, village, railway, border""",
    }.items()
    for noun in words(nouns)
)
PLACE_LOOKS = words(
    "quiet, dark, old, small, windy, sunny, deep, green, snowy, busy, sleepy, misty, faraway, tiny, golden"
)

NAMES = words("""
Pip, Luna, Milo, Clara, Otto, Nell, Finn, Rosa, Hugo, Ivy, Tom, Ada, Max, Lily, Sam, Ruby, Jack, Mia, Leo, Anna,
Bruno, Hazel, Felix, Daisy, Oscar, Poppy, Rufus, Willow, Jasper, Maya, Theo, Wren, Barnaby, Flora, Gus, Olive, Toby,
Zara, Emil, Greta, Kito, Amara, Ravi, Priya, Kenji, Yuki, Omar, Leila, Diego, Sofia, Bram, Elsa, Nico, Tara, Ned,
Bess, Ollie, Fern, Rusty, Pebble, Ember, Biscuit, Button, Thistle, Bramble, Nutmeg, Maple, Cricket, Dot, Patch,
Alice, Bob, Carol, Dave, Emma, Noah, Ben, Sara
""")

# Trait: what shows it, what it does at the turn of a story, and what there is to learn.
# In the texts, <H> is the hero and [a|b] is a choice; see grammar.py.
DEEDS: dict[str, tuple[str, str, str]] = {
    "brave": (
        "[Nothing frightened <H>, not [thunder|the dark|wolves|heights]|<H> was [never|hardly ever] afraid]",
        """[<H> took a deep breath and did not run|<H> was [frightened|scared], but <h> went on
        |<H> stepped forward without a word]""",
        "being brave is [going on even when you are afraid|not the same as having no fear]",
    ),
    "shy": (
        "[<H> hid whenever [visitors|strangers] came|<H> spoke so softly that few [heard|noticed]]",
        "[<H> blushed, but for once <h> spoke up|With a [tiny|shaking] voice <H> said what nobody else dared to say]",
        "even a quiet voice can be heard",
    ),
    "clever": (
        "[<H> could solve any [riddle|puzzle]|There was no [riddle|lock] that <H> could not [solve|open]]",
        "[<H> thought for a while and then smiled|A clever [idea|plan] came to <H>]",
        "a good idea is worth more than [strong arms|gold]",
    ),
    "lazy": (
        "[<H> slept until noon every day|<H> liked nothing better than [a nap|doing nothing]]",
        "[For the first time, <H> did not stop to rest|<H> forgot to be lazy and worked [all day|all night]]",
        "[a little work never hurt anyone|rest is sweeter after work]",
    ),
    "kind": (
        "[<H> shared everything <h> had|<H> always had [a warm word|time] for others]",
        "[<H> felt sorry and offered [a hand|help]|<H> gave away <his> last [crumb|coin] without thinking]",
        "kindness always finds its way [home|back]",
    ),
    "greedy": (
        "[<H> always wanted more|Whatever <H> saw, <h> wanted]",
        "[<H> looked at what <h> had and saw that it was enough|For once, <H> did not ask for more]",
        "[enough is as good as a feast|those who want everything end up with nothing]",
    ),
    "curious": (
        "[<H> asked [a hundred|a thousand] questions a day|<H> wanted to know what was behind every [door|hill]]",
        "[<H> could not help looking closer|<H> leaned in and saw what everyone else had missed]",
        "every answer begins with a question",
    ),
    "proud": (
        "[<H> never asked for help|<H> thought nobody could do anything better than <h> could]",
        "[<H> swallowed <his> pride and asked for help|At last <H> bowed <his> head and said sorry]",
        "there is no shame in asking for help",
    ),
    "sleepy": (
        "[<H> yawned all day long|<H> could fall asleep [standing up|in the middle of a sentence]]",
        "[<H> rubbed <his> eyes and was suddenly wide awake|<H> yawned, but <h> did not lie down]",
        "some things are worth staying awake for",
    ),
    "grumpy": (
        "[<H> grumbled from morning to night|Nobody had ever seen <H> smile]",
        """[<H> grumbled, but [helped all the same|there was a smile under it]
        |Something warm rose in <H>, and <h> laughed]""",
        "a smile costs nothing",
    ),
    "cheerful": (
        "[<H> whistled from dawn to dusk|<H> had a joke for everyone]",
        "[<H> began to sing, and everything felt lighter|<H> laughed and tried again]",
        "a light heart makes a light load",
    ),
    "clumsy": (
        "[<H> tripped over everything|<H> dropped at least one [plate|cup] a day]",
        "[<H> tripped, rolled down and landed exactly where <h> had to be|<H> stumbled, and that was lucky]",
        "a stumble can be the start of a dance",
    ),
    "patient": (
        "[<H> could wait longer than anyone|<H> never hurried]",
        "[<H> sat down and waited [for an hour|until the moon rose]|<H> tried once, twice and a third time]",
        "good things come to those who wait",
    ),
    "honest": (
        "[<H> had never told a lie|Everyone trusted <H>]",
        "[<H> could have lied, but told the truth|<H> said plainly what had happened]",
        "the truth is always the shortest road",
    ),
    "lonely": (
        "[<H> had nobody to talk to|In the evenings, <H> talked to the [moon|stars]]",
        "[For the first time in years, <H> was not alone|<H> asked softly for company]",
        "a friend may be nearer than you think",
    ),
    "hungry": (
        "[<H> thought of [soup|cake|pie] all day|<H>'s belly rumbled like a drum]",
        "[<H>'s belly rumbled, but <h> did not stop to eat|<H> gave <his> last bite away]",
        "a shared meal tastes best",
    ),
    "forgetful": (
        "[<H> forgot everything, even breakfast|<H> tied knots in <his> scarf and forgot what they meant]",
        "[Suddenly, <H> remembered|For once, <H> remembered just in time]",
        "what the head forgets, the heart keeps",
    ),
    "gentle": (
        "[Even [birds|butterflies] were not afraid of <H>|<H> never raised <his> voice]",
        "[<H> spoke gently, and that was enough|Gently, very gently, <H> reached out]",
        "a soft word opens hard doors",
    ),
    "stubborn": (
        "[<H> never gave up, even when <h> was wrong|Once <H> had said no, it was no]",
        "[<H> refused to give up|Everyone said stop, and <H> went on]",
        "[those who keep trying get there|giving up is the only way to fail]",
    ),
    "quiet": (
        "[<H> listened more than <h> spoke|<H> moved without a sound]",
        "[<H> kept very still and listened|Without a sound, <H> slipped past]",
        "those who listen learn the most",
    ),
    "noisy": (
        "[<H> could be heard three hills away|<H> sang, drummed and shouted all day]",
        "[<H> shouted so loudly that the [windows|hills] shook|For once, being loud was just right]",
        "there is a time to shout and a time to whisper",
    ),
    "wise": (
        "[Everyone came to <H> for advice|<H> had an answer to most things]",
        "[<H> thought of an old saying and nodded|<H> waited, looked and understood]",
        "the wise ask before they answer",
    ),
    "careful": (
        "[<H> checked everything twice|<H> never took a step without looking]",
        "[<H> looked twice and found what others had missed|Step by step, <H> went on]",
        "a careful step goes far",
    ),
    "friendly": (
        "[<H> said hello to everyone|<H> made a new friend every day]",
        "[<H> simply said hello, and that changed everything|<H> held out a hand and smiled]",
        "a stranger is a friend you do not know yet",
    ),
    "sad": (
        "[<H> had not laughed for [a year|a long time]|Grey days and blue songs were all <H> knew]",
        "[Something changed, and <H> laughed out loud|<H> wiped away a tear and stood up]",
        "after every rain the sun comes back",
    ),
    "happy": (
        "[<H> danced on the way to [work|the well]|<H> woke up smiling every day]",
        "[<H> laughed and jumped up|<H> smiled, and everyone smiled too]",
        "joy grows when you give it away",
    ),
    "timid": (
        "[<H> jumped at every [noise|shadow]|<H> was afraid of [geese|thunder|<his> own shadow]]",
        "[<H> trembled, but stayed|With shaking knees, <H> stepped forward]",
        "courage can be very small and still be enough",
    ),
    "selfish": (
        "[<H> never shared anything|<H> thought only of <himself>]",
        "[For the first time, <H> thought of someone else|<H> held out half of everything]",
        "what you share comes back twice",
    ),
    "hopeful": (
        "[<H> believed that tomorrow would be better|<H> looked for the first star every night]",
        "[<H> did not stop hoping|Still, <H> hoped, and looked once more]",
        "hope is a small light that never goes out",
    ),
    "restless": (
        "[<H> could not sit still|<H> dreamed of faraway [lands|seas]]",
        "[<H> could not wait and set off at once|<H> walked all night]",
        "the best part of a journey is coming home",
    ),
}
