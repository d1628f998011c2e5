"""More plots, in the same form as those of plots.py."""

from plots import JOURNEY, MEET, PLOTS, TURN, Plot

MORE_PLOTS: tuple[Plot, ...] = (
    # Hidden, and a map.
    Plot(
        ("hidden", "lost", "plain"),
        (
            """[
            <when>, <H> found a [map|torn map|note|drawing] <spot>.
            | <when>, a <folk> told <H> about <oa>.
            | People said that <oa> <was> hidden <inP>.
            ]""",
            """[
            "[Follow the <colour> stones|Dig where the shadows meet|Look <spot>]," it said.
            | Nobody had ever found <o>, though many had [tried|looked <span>].
            | <H> <gesture> and [packed some <food>|set off].
            ]""",
            JOURNEY,
            MEET,
            """[
            "[May I come along|I know the way]?" <asks> <F>. [So now they were two|Together they went on].
            | "Turn back," <says> <F>, "[nobody finds <o>|it is dangerous]."
            | "You will need <treat>," <says> <F> <how>, and [came along|gave it to <him>].
            ]""",
            "?" + JOURNEY,
            TURN,
            """[
            And there, <spot>, [<was>|lay] <O>.
            | They dug <span>, and found <O>.
            | Behind [a hidden door|a curtain of ivy] <was> <O>.
            ]""",
            """[
            "[Finders, keepers|So the story is true]!" <says> <F>.
            | <H> looked at <o> <span>.
            | <h> took only <o>, and left [the rest|everything else] for others.
            | But the [best|real] treasure was [the way there|having a friend].
            ]""",
        ),
    ),
    # A gift for someone in need.
    Plot(
        ("plain", "magic", "none", "hidden"),
        (
            """[
            <H> had <oa>, and [loved <o> more than anything|took <o> everywhere|slept beside <o>].
            | For <his> birthday, <H> got <oa>.
            | <H> had saved <span> to buy <oa>.
            ]""",
            """?[
            Every <weekday>, <h> [cleaned|polished|looked at] <o> <how>.
            | <h> would never give <o> away, <h> said.
            | No one else <inP> had such <oa>.
            ]""",
            """[<when>,|Then, <when>,] [<h> met <fa>|<fa> came by], [cold and hungry|crying|with nothing to eat|who had
                lost everything in a storm].""",
            """[
            "What is wrong?" <asks> <H>.
            | "I have [nothing|no one]," <says> <F> <how>.
            | <F> looked at <O> and <fgesture>.
            ]""",
            """?[<H> <gesture>. It was not easy.|<h> thought about it <span>.]""",
            TURN,
            """[
            "Take <o>," <says> <H>. "[You need <o> more than I do|<os> <is> yours now]."
            | And <H> gave <O> to <F>.
            | Without a word, <H> put <O> into <fhis> hands.
            ]""",
            """?[
            A year later, somebody knocked. It was <F>, with <treat>.
            | <F>'s face [shone|lit up] like <sight>.
            | The next <season>, <F> came back and brought <treat>.
            ]""",
        ),
    ),
    # A quarrel.
    Plot(
        ("plain", "magic", "stolen", "none"),
        (
            """[
            <when>, <H> and <fa> [found|saw] <oa> at the same moment, <spot>.
            | <H> and <fa> were neighbours, and both wanted <oa>.
            ]""",
            """[
            "Mine!" <says> <H>. "No, mine!" <says> <F>.
            | "I saw <o> first," <says> <H>. "But I touched <o> first," <says> <F>.
            | They pulled and pulled, <span>.
            ]""",
            """?[
            They did not speak <span>.
            | <H> ate <food> alone and felt <feeling>.
            | All of <P> could hear the shouting.
            ]""",
            """[
            Then <trouble>, and <O> [fell into the river|rolled down the hill|flew out of their hands].
            | [Crack!|Splash!|Bang!] <O> fell to the ground.
            | In the end <O> <was> almost [torn in two|lost].
            ]""",
            """[
            They looked at each other and [felt <feeling>|laughed].
            | <F> <fgesture>. "[I am sorry|We are fools]," <says> <f>.
            ]""",
            TURN,
            """[
            "[You take <o> on <weekday>s, I take <o> on <weekday>s|Let us share <o>|<os> <is> big enough for two],"
                <says> <H>.
            | So they [shared <o>|gave <o> to <feast>|hung <o> between their two houses].
            ]""",
        ),
    ),
    # A contest.
    Plot(
        ("plain", "none", "magic"),
        (
            """[
            <when>, there was [a great race|a baking contest|a singing contest|a contest] <inP>, and the prize was
                <oa>.
            | Everyone was getting ready for <feast>. The winner would get <oa>.
            ]""",
            """[
            <H> wanted to win <o> more than anything.
            | "You will never win," said <fa>.
            | <H> practised <span>.
            | The best of all was <fa>, who had won <number> times.
            ]""",
            """[
            The drum sounded and off they went, <way>.
            | On the great day, <H> <gesture>.
            | First came the <folk>, then <F>, then <H>.
            ]""",
            """[
            Halfway, <trouble>, and <F> [fell|got stuck|lost the way].
            | Then <H> heard <sound>. It was <F>, [hurt|in tears].
            | But <H> was so [slow|nervous] that everyone laughed.
            ]""",
            TURN,
            """[
            <H> stopped and helped <F>, and they [crossed the line together|came in last].
            | <H> came last, but [laughed|sang] all the way.
            | And <H> won by [a nose|one step]!
            ]""",
            """[
            "The prize goes to <H>," said the judge, "[for a good heart|because nobody else stopped]."
            | They got <O> [together|and shared <o>].
            | <F> gave <O> to <H>. "You earned <o>," <says> <f>.
            ]""",
        ),
    ),
    # Something strange, and what it is for.
    Plot(
        ("plain", "hidden", "magic", "lost"),
        (
            """[
            <when>, <H> [dug up|found|fished out] <oa> <spot>.
            | <when>, <oa> [fell from the sky|came with the tide|stood outside the door].
            ]""",
            """[
            "What <is> <this> for?" <asks> <H>.
            | <h> shook <o>, smelled <o> and <gesture>.
            | <h> put <o> on <his> head, but that was not right.
            ]""",
            """[
            "[For cooking <food>|For <job>|For scaring crows]," said [the|a] <folk>. But [that was wrong|<H> did not
                believe it].
            | One said it was for <job>, another for <job>.
            ]""",
            MEET,
            """[
            "Ah," <says> <F>, "[<this> <is> for dreaming|<os> can show you the way home|you must hold <o> up to the
                moon]."
            | "I know," <says> <F> <how>. "[Wait until dark|Listen]."
            ]""",
            TURN,
            """[
            That night, <O> [began to sing|glowed <colour>|opened], and out came [<sight>|a <colour> light|a tiny
                song].
            | <h> held <o> up, and the whole of <P> turned <colour>.
            | And when <H> listened closely, <h> heard <sound>[ from far away|].
            ]""",
        ),
    ),
    # A chain of trades.
    Plot(
        ("plain", "none", "broken"),
        (
            """[<H> owned only <oa>.|All that <H> had was <oa>.|<when>, <H> was given <oa>.]""",
            """[
            <when>, <h> traded <o> for <treat>.
            | At the market, a <folk> gave <him> <treat> for <o>.
            | "Give me <o>, and you get <treat>," said a <folk>.
            ]""",
            """[
            Then <h> traded that for <treat>, and that for <treat>.
            | Next came <treat>, and after that <treat>.
            | A <folk> wanted it, and gave <treat>.
            ]""",
            MEET,
            """[
            <F> had <O>! "I bought <o> <when>," <says> <f>.
            | And what was <F> holding? <O>!
            | "Look what I have," <says> <F>. It was <O>.
            ]""",
            """[
            "I missed <o>," <says> <H> <how>.
            | <H> <gesture>. Nothing had been as dear as <O>.
            | "Will you trade?" <asks> <H>.
            ]""",
            TURN,
            """[
            <F> laughed and gave <o> back[| for a story].
            | So in the end <H> had <O> again, and a friend.
            | They traded, and both felt <feeling>.
            ]""",
        ),
    ),
    # A storm.
    Plot(
        ("plain", "magic", "none"),
        (
            """[
            <when>, [black clouds|a storm|a terrible wind] came over <P>.
            | <when>, it began to [rain|snow|blow], and it did not stop <span>.
            ]""",
            """[Everyone ran inside.|Roofs flew off and <trouble>.|<H> closed the door and <gesture>.]""",
            """[
            Then there was <sound> at the door. It was <fa>, [wet|cold] and shaking.
            | Outside, <H> saw <fa>, all alone in the storm.
            ]""",
            """["Come in," <says> <H> <how>.|<H> ran out [at once|<how>] and brought <fhim> in.]""",
            TURN,
            """[
            They used <O> to [keep warm|stop the leak|hold the door shut].
            | <H> took out <oa>, and [the fear was gone|it was less dark].
            | All they had was some <food> and <oa>, but that was enough.
            ]""",
            """[
            They told stories <span>.
            | By morning, the storm was gone and [the sky was <colour>|there was a rainbow].
            | "[It is only wind|Every storm ends]," <says> <F> <how>.
            ]""",
        ),
    ),
    # A long way to deliver something.
    Plot(
        ("plain", "magic", "none", "broken", "hidden"),
        (
            """[
            <when>, <H> was asked to bring <oa> to <fa>, who lived far away.
            | "Take <oa> to <fa>," said [the <folk>|<his> grandmother], "[and do not stop|before <feast>]."
            ]""",
            JOURNEY,
            """[
            Then <trouble>, and <O> [got wet|fell|almost got lost].
            | A <folk> said, "Give me <O> and I give you <treat>." But <H> <gesture>.
            | At night <h> slept <spot>, with <O> [held tight|under one arm].
            ]""",
            TURN,
            "?" + JOURNEY,
            """[At last <h> came to <sight>, and there was <F>.|When <h> arrived, <F> was <fjob>.]""",
            """[
            "For me?" <asks> <F> <how>.
            | <F> took <O> and <fgesture>. "I have waited <span>," <says> <f>.
            | "At last!" <says> <F>, and [hugged|kissed] <H>.
            ]""",
        ),
    ),
    # A lonely beginning, a new friend.
    Plot(
        ("plain", "none", "lost", "broken"),
        (
            """[
            <H> had no friends, only <oa>.
            | Every [evening|<weekday>], <H> sat alone with <oa>.
            | <H> was often alone, for [others thought <h> was strange|there was nobody else <inP>].
            ]""",
            """[<when>, <fa> moved in next door.|<when>, <fa> came to <P>.|<when>, <h> heard <sound> and saw <fa>.]""",
            """[
            <H> wanted to say hello but only <gesture>.
            | "Hello," <says> <F> <how>, but <H> ran away.
            | <F> was afraid of everything too.
            ]""",
            TURN,
            """[<H> showed <fhim> <O>.|"Do you want to see <obare>?" <asks> <H>.|"I like <this> <on>!" <says> <F>.]""",
            """[
            Soon they were <job> together.
            | They talked <span>, about <sight> and <food>.
            | They laughed so much that [the roof shook|the crows flew up].
            ]""",
        ),
    ),
)
ALL_PLOTS = PLOTS + MORE_PLOTS
