"""Small colours: pools that the plots draw from by name, as in "on the way <h> passed <sight>".

An entry may hold choices [a|b] and slots <name> of its own; see grammar.py.
"""

from lexicon import words

POOLS: dict[str, tuple[str, ...]] = {
    "when": words("""
        one day, one <sky> morning, one <sky> evening, one <sky> afternoon, one <sky> night,
        on [the first|the last] day of <season>, early one <weekday>, late one <weekday>,
        on a <sky> <weekday> in <month>, just before [dinner|dawn|sunset|breakfast], one morning in <month>,
        on <his> birthday, after [a week of rain|the long winter|the harvest|the big storm]
    """),
    "sky": words("""
        windy, rainy, sunny, foggy, frosty, golden, grey, stormy, quiet, warm, cold, bright, cloudy, misty, snowy,
        clear, dark, still, hot, silvery, mild, chilly
    """),
    "weekday": words("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
    "month": words("January, February, March, April, May, June, July, August, September, October, November, December"),
    "season": words("spring, summer, autumn, winter"),
    "sight": words("""
        a mill with no sails, a sleeping goat, a row of beehives, a field of poppies, an empty cart,
        a crooked chimney, a broken fence, three white geese, a flock of starlings, a well with no bucket,
        a stone wall, a painted gate, a hollow oak, a hill of ants, an old railway bridge, a scarecrow in a red hat,
        a pond full of stars, a line of washing, a family of ducks, a rusty bell, a tower of clouds,
        a shop that sold only buttons, a cat on a windowsill, a statue without a nose, a market stall, a wild rose,
        a lonely pine, a ladder leaning on nothing, a heap of pumpkins, a frozen fountain, a clock without hands,
        a blue door, a signpost with no names, a boat full of apples, a bench under a lime tree,
        a nest with four eggs, a garden of cabbages, a snail on a gatepost, a mountain shaped like a loaf,
        a chapel with a green roof, a patch of mushrooms, two arguing crows, a puddle as big as a lake,
        a circus wagon, a rainbow over the roofs, a sleepy watchman, a fiddler without a fiddle
    """),
    "food": words("""
        plum cake, bean soup, hot bread, apple pie, honey cakes, roast chestnuts, pancakes, blackberry jam,
        onion stew, ginger biscuits, warm milk, pea soup, cheese and pears, cherry tart, mushroom pie, porridge,
        lemon cake, baked potatoes, nut bread, noodles, carrot soup, peppermint tea, cinnamon buns, fried fish,
        rice pudding, dumplings, hot chocolate, cold pie, toasted cheese
    """),
    "spot": words("""
        under a loose stone, behind the stove, inside a hollow tree, at the bottom of a well, under a heap of leaves,
        in a bird's nest, beneath the stairs, between two roots, in an old boot, behind a waterfall, under the bed,
        in a basket of wool, inside a pumpkin, on top of a wardrobe, in the pocket of an old coat,
        under the third step, in a crack in the wall, among the reeds, in a drawer, behind a loose brick,
        in a teapot, under a sleeping dog, in the long grass, beside a milestone, in a mole's tunnel, on a branch,
        below the bridge, in a barrel of apples, behind the clock, under a blue flowerpot, in the snow,
        inside a loaf of bread
    """),
    "sound": words("""
        a scratching, a soft knock, a strange humming, a bell, a low growl, a sneeze, someone crying, a splash,
        a whistle, a crash, footsteps, a giggle, a long sigh, a faint song, a rattle, someone calling for help,
        a squeak, distant drums, a whisper
    """),
    "gesture": words("""
        scratched <his> head, shook <his> head, nodded slowly, looked up at the sky, sat down on a stone,
        counted to ten, blinked twice, laughed, took a deep breath, sighed, walked in a circle,
        closed <his> eyes for a moment, swallowed hard, bit <his> lip, hummed a little, kicked a pebble,
        rubbed <his> nose, stared at the ground, stood on tiptoe, frowned
    """),
    "how": words("""
        slowly, quickly, softly, proudly, sadly, quietly, happily, at once, without a word, in a small voice,
        with a grin, with a wink, kindly, gravely, after a while, very carefully, at last, with a sigh, eagerly,
        as if it were nothing
    """),
    "feeling": words("""
        glad, worried, surprised, excited, sorry, ashamed, curious, hopeful, tired, cold, proud, lighter,
        warm all over, afraid, happier than ever, strange, full of joy, a little foolish, restless, calm
    """),
    "span": words("""
        all morning, for three days, for an hour, until noon, all night, from dawn to dusk, for a week,
        until the last light went out, until the stars came out, for a long time, all afternoon,
        seven days and seven nights, until the moon rose
    """),
    "way": words("""
        across the fields, over the hills, through the rain, along the river, through the tall grass,
        down the steep path, past the last houses, through the dark wood, over a shaky bridge, up a winding stair,
        along the wall, through the snow, by moonlight, against the wind, through a tunnel, over stones and roots,
        down to the harbour, around the pond
    """),
    "trouble": words("""
        the river had risen, the bridge was gone, the path was full of thorns, the fog was as thick as soup,
        night fell, it began to hail, the road split in three, a tree had fallen across the way, the gate was locked,
        the wind grew wild, the lantern went out, snow covered the path, the map was upside down,
        a bull stood in the way, the ice began to crack
    """),
    "job": words("""
        mending nets, picking pears, washing windows, feeding geese, sweeping leaves, counting stars, baking rolls,
        chopping wood, knitting socks, painting a fence, pulling turnips, sorting buttons, carrying water,
        polishing boots, writing letters, planting beans, building a wall, drying herbs, looking for worms,
        watching clouds
    """),
    "treat": words("""
        a pot of honey, a warm scarf, a new song, a silver button, a basket of eggs, a kiss on the nose,
        a medal made of tin, a jar of plums, a feather cap, a bag of nuts, a painted egg, a slice of cake,
        a place by the fire, a cup of cocoa, a little bell, a drawing of the two of them, a blue ribbon, a long hug,
        a map of the stars, a bunch of daisies
    """),
    "feast": words("""
        the spring fair, the harvest feast, the midsummer dance, the great race, the lantern night, a birthday party,
        the village wedding, the winter feast, the kite festival, the singing contest, the queen's visit,
        the baking contest
    """),
    "colour": words("red, blue, green, golden, silver, white, violet, orange, pink, yellow"),
    "number": words("two, three, four, five, seven, nine, twelve, a dozen, a hundred"),
}
