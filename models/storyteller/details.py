"""Small colours: pools that the plots draw from by name, as in "on the way <h> passed <sight>".

An entry may hold choices [a|b] and slots <name> of its own; see grammar.py. Most pools are small sentences of other
pools: free combination is what keeps the model unsure.
"""

from lexicon import words


def mixed(curated: str, *patterns: str) -> tuple[str, ...]:
    """A pool that gives a third of its draws to the curated entries and the rest to the patterns."""
    entries = words(curated)
    return (*entries, *(pattern for pattern in patterns for _ in range(2 * len(entries) // len(patterns))))


POOLS: dict[str, tuple[str, ...]] = {
    "when": words("""
        one day, one <sky> morning, one <sky> evening, one <sky> afternoon, one <sky> night,
        on [the first|the last|a <sky>] day of <season>, early one <weekday>, late one <weekday>,
        on a <sky> <weekday> in <month>, just before [dinner|dawn|sunset|breakfast|supper], one morning in <month>,
        on <his> birthday, after [a week of rain|the long winter|the harvest|the big storm|<number> days of snow],
        in the <sky> <season> of that year, one <weekday> in <month>
    """),
    "sky": words("""
        windy, rainy, sunny, foggy, frosty, golden, grey, stormy, quiet, warm, cold, bright, cloudy, misty, snowy,
        clear, dark, still, hot, silvery, mild, chilly
    """),
    "weekday": words("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
    "month": words("January, February, March, April, May, June, July, August, September, October, November, December"),
    "season": words("spring, summer, autumn, winter"),
    "number": words("two, three, four, five, six, seven, eight, nine, ten, twelve, a dozen, a hundred"),
    "colour": words("red, blue, green, golden, silver, white, violet, orange, pink, yellow, purple, black"),
    "quality": words("""
        crooked, sleepy, enormous, forgotten, humming, broken, empty, painted, rusty, mossy, silent, noisy, tiny,
        golden, silver, wooden, yellow, blue, green, purple, muddy, frozen, dusty, shiny, lonely, leaning, whistling,
        patched, very old, little, round, narrow, famous, smoky, striped, spotted, cracked, warm, wet, beautiful, odd,
        heavy, glittering, fat, thin, friendly, grumpy, haunted, upside-down, half-finished
    """),
    "landmark": words("""
        mill, well, gate, barn, chapel, tower, statue, fountain, bench, bridge, signpost, windmill, haystack, stable,
        lighthouse, bakery, market stall, cart, oak, willow, pine, pond, wall, fence, chimney, cave, clock, shop, boat,
        castle, garden, orchard, railway, school, circus tent, bakehouse, beehive, scarecrow, milestone, cabin, ladder
    """),
    "beast": words("""
        goose, goat, crow, cow, sheep, pig, hen, cat, dog, snail, frog, donkey, horse, bull, pigeon, beetle, hedgehog,
        rooster, mole, duck, bee, moth, camel, turkey, rat, lamb, owl, calf
    """),
    "sight": mixed(
        """
        a mill with no sails, a row of beehives, a field of poppies, three white geese, a flock of starlings,
        a hill of ants, a pond full of stars, a line of washing, a family of ducks, a tower of clouds,
        a shop that sold only buttons, a cat on a windowsill, a statue without a nose, a ladder leaning on nothing,
        a heap of pumpkins, a clock without hands, a boat full of apples, a nest with four eggs, a garden of cabbages,
        a mountain shaped like a loaf, two arguing crows, a puddle as big as a lake, a rainbow over the roofs,
        a sleepy watchman, a fiddler without a fiddle, a well with no bucket
        """,
        "a <quality> <landmark>",
        "a <quality> <beast>",
        "a <landmark>",
        "<number> <quality> <crowd>",
    ),
    "crowd": words("""
        geese, goats, crows, cows, pigs, hens, cats, snails, frogs, donkeys, horses, pigeons, children, sailors, monks,
        ducks, soldiers, bees, sheep, mice, tailors, owls, fishermen, cousins
    """),
    "taste": words("""
        hot, cold, sweet, burnt, salty, spicy, creamy, smoked, fresh, sour, golden, buttered, crispy, sticky, soft,
        steaming, leftover, homemade, green, thick, crunchy, tiny
    """),
    "dish": words("""
        plum cake, bean soup, bread, apple pie, honey cakes, chestnuts, pancakes, jam, onion stew, biscuits, milk,
        pea soup, cheese, pears, cherry tart, mushrooms, porridge, lemon cake, potatoes, noodles, carrots, tea, buns,
        fish, rice, dumplings, chocolate, sausages, eggs, waffles, berries, cabbage, toast, nuts, pudding, turnips
    """),
    "food": ("<taste> <dish>", "<taste> <dish>", "<dish>"),
    "holder": words("""
        stone, stove, tree, well, boot, bed, basket, pumpkin, wardrobe, coat, wall, drawer, teapot, dog, milestone,
        bridge, barrel, clock, flowerpot, loaf, bush, haystack, bucket, rug, chair, hat, drum, cart, log, cupboard
    """),
    "spot": mixed(
        """
        at the bottom of a well, under a heap of leaves, in a bird's nest, beneath the stairs, between two roots,
        behind a waterfall, on top of a wardrobe, under the third step, in a crack in the wall, among the reeds,
        in the long grass, in a mole's tunnel, in the snow, behind the clock
        """,
        "[under|behind|inside|beside|on|near] a <quality> <holder>",
        "[under|behind|inside|beside|on|near] a <holder>",
    ),
    "noise": words("""
        scratching, knock, humming, bell, growl, sneeze, cry, splash, whistle, crash, giggle, sigh, song, rattle,
        squeak, whisper, thump, roar, tune, cough, howl, drum, buzzing, snore
    """),
    "sound": ("a <loud> <noise>", "a <loud> <noise>", "a <noise>", "someone crying", "someone calling for help"),
    "loud": words(
        "soft, strange, low, long, faint, loud, sad, sudden, distant, tiny, terrible, merry, slow, deep, high"
    ),
    "gesture": mixed(
        """
        scratched <his> head, shook <his> head, nodded slowly, looked up at the sky, blinked twice, laughed,
        took a deep breath, sighed, walked in a circle, closed <his> eyes for a moment, swallowed hard, bit <his> lip,
        hummed a little, rubbed <his> nose, stared at the ground, stood on tiptoe, frowned, yawned, smiled
        """,
        "sat down on a <quality> <holder>",
        "looked at a <quality> <landmark>",
        "kicked a <quality> <holder>",
        "counted to <number>",
    ),
    "how": words("""
        slowly, quickly, softly, proudly, sadly, quietly, happily, at once, without a word, in a small voice,
        with a grin, with a wink, kindly, gravely, after a while, very carefully, at last, with a sigh, eagerly,
        sleepily, politely, angrily, gently, loudly, shyly, bravely, crossly, in a <loud> voice, with a <loud> sigh,
        with a <loud> laugh, as <feel> as a <beast>
    """),
    "says": words("said, said, said, answered, replied, whispered, muttered, called, laughed, cried, sighed, murmured"),
    "asks": words("asked, asked, asked, wondered, whispered, cried, called"),
    "feel": words("""
        glad, worried, surprised, excited, sorry, ashamed, curious, hopeful, tired, cold, proud, warm, afraid, happy,
        strange, foolish, restless, calm, merry, free, lucky, small, brave, cheerful
    """),
    "feeling": ("<feel>", "very <feel>", "[both|] <feel> and <feel>", "as <feel> as a <quality> <beast>"),
    "span": mixed(
        """
        all morning, until noon, all night, from dawn to dusk, until the last light went out, until the stars came out,
        for a long time, all afternoon, until the moon rose
        """,
        "for <number> [hours|days|nights|weeks|minutes]",
    ),
    "path": words("""
        fields, hills, rain, river, grass, path, houses, wood, bridge, stairs, wall, snow, wind, tunnel, stones,
        harbour, pond, forest, meadow, gardens, valley, market, mud, sand, dark, fog
    """),
    "way": ("[across|over|through|along|past|around|behind|down] the <path>",) * 2
    + ("[across|over|through|along|past|around|behind|down] the <quality> <path>",),
    "trouble": mixed(
        """
        the river had risen, the bridge was gone, the path was full of thorns, the fog was as thick as soup, night fell,
        it began to hail, the road split in three, the gate was locked, the wind grew wild, the lantern went out,
        snow covered the path, the map was upside down, the ice began to crack
        """,
        "a <quality> <beast> [stood in|blocked] the way",
        "a <quality> <landmark> fell across the way",
    ),
    "doing": words("""
        mending, picking, washing, feeding, sweeping, counting, baking, chopping, painting, pulling, sorting, carrying,
        polishing, selling, planting, building, drying, looking for, watching, cooking, drawing, hiding, chasing,
        weighing
    """),
    "goods": words("""
        nets, pears, windows, geese, leaves, stars, rolls, wood, socks, fences, turnips, buttons, water, boots, letters,
        beans, walls, herbs, worms, clouds, hats, clocks, pots, apples, ropes, baskets, bells, candles, snails, shells,
        spoons, ribbons
    """),
    "job": ("<doing> <goods>", "<doing> <goods>", "<doing> <colour> <goods>"),
    "gift": words("""
        scarf, song, button, basket, medal, cap, bag, egg, cake, bell, drawing, ribbon, map, spoon, hat, pie, whistle,
        lamp, cup, feather, blanket, stone, flower, kite, pillow, jar of jam, pot of honey, bag of nuts, pear, loaf
    """),
    "treat": mixed(
        """
        a kiss on the nose, a medal made of tin, a place by the fire, a drawing of the two of them, a long hug,
        a map of the stars, a bunch of daisies
        """,
        "a <quality> <gift>",
        "a <colour> <gift>",
        "a <gift>",
    ),
    "feast": words("""
        the spring fair, the harvest feast, the midsummer dance, the great race, the lantern night, a birthday party,
        the village wedding, the winter feast, the kite festival, the singing contest, the queen's visit,
        the baking contest, the <season> market, the <weekday> dance
    """),
    "folk": words("""
        baker, miller, goose, postman, crow, sailor, farmer, queen, butcher, tailor, teacher, child, soldier, monk,
        cobbler, fishwife, mayor, beggar, watchman, goat
    """),
}
