"""The plots: each is a list of beats, told in order, about a hero <H>, a friend <F>, an object <O> and a place <P>.

A beat that starts with `?` may be left out. The notation is explained in grammar.py.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plot:
    """A way for a story to go, and the kinds of object that it suits."""

    kinds: tuple[str, ...]
    beats: tuple[str, ...]


OPENING = """
[
[Once upon a time,|Once,|Long ago,|Many years ago,|A long time ago,|Not so long ago,|In the days of <season>
    storms,] there [lived|was] <ha> <inPa>.
| [Once upon a time|Long ago|Once], <ha> lived <inPa>.
| <inPa> [there ||]lived <ha>.
| This is the story of <ha> who lived <inPa>.
| <ha> lived <inPa>, [between|next to|not far from|right behind|across from] <sight>[| and <sight>].
| <inPa>, where [people ate <food> on <weekday>s|it smelled of <food>|it was always <sky>|every <season> was <sky>],
    lived <ha>.
| There was once <ha> who spent <his> days <job>[| <inPa>| and eating <food>].
]
"""
GENERIC_SHOW = """
[
Everyone [said|knew] [that <H> was <trait>|how <trait> <h> was].
| Nobody <inP> was as <trait> as <H>.
| <H> was <trait>, and [everyone knew it|it showed].
| <H> was so <trait> that even [the <season> wind|the crows|the old people] talked about it.
| Some are <trait> by day, but <H> was <trait> by night too.
]
"""
SHOW = f"[<deed>.|<deed>.|<deed>.|{GENERIC_SHOW}]"
GENERIC_TURN = """
[
<H> was <trait>, [after all|and now that helped].
| Only someone as <trait> as <H> [would have tried|could do it].
| "You are [really|truly|very] <trait>," <says> <F>[| <how>].
]
"""
TURN = f"[<turn>.|<turn>.|<turn>.|{GENERIC_TURN}]"
MORAL = """
[
<H> had learned that <moral>.
| And [so <H> learned|now <h> knew] that <moral>.
| "You see," <says> <F>, "<moral>."
| For <moral>.
| [Since then|From that day on], <H> knew that <moral>.
]
"""
JOURNEY = """
[
<H> [walked|wandered|ran|hurried] <way>[| <span>], past <sight>[| and <sight>].
| On the way <h> [passed|saw] <sight>[| and <sight>].
| <h> went <way> and <way>.
| The way led past <sight>[, past <sight>|] and <way>.
| Then <trouble>, but <H> [went on|only <gesture>|<gesture> and went on|did not turn back].
| First <trouble>, then <trouble>.
| <h> asked <number> <crowd>, but [nobody knew|all of them only laughed].
]
"""
CLOSING = """
[
That [night|evening], they ate <food>[| and <food>] [until they fell asleep|under the stars|together|and laughed].
| From that day on, <H> and <F> [were|stayed] friends.
| From then on, they met every <weekday>[| for <food>].
| And if you are ever <inP>, you can [still|] [hear them laugh|see the two of them, <job>].
| <H> went home <way>, feeling <feeling>.
| That night <H> slept [soundly|well|like a stone], [smiling|and dreamed of <sight>].
| <H> never forgot [that day|<F>|what <F> had done].
| And everyone <inP> [talked about it <span>|cheered].
| And they lived happily [ever after|until the end of their days].
| "[What a day|Well, well|Tomorrow we do it again]," <says> <F>, and they [both|] laughed.
| Since that day, <H> has felt <feeling> whenever <h> sees <sight>.
]
"""
MEET = """
[
There <h> met <fa>[| who was <fjob>].
| [By|Beside|Next to] <sight> [sat|stood] <fa>.
| Just then, <fa> came along[|, <fjob>].
| Near <sight> <h> met <fa>.
| <fa> was <fjob> nearby.
]
"""

PLOTS: tuple[Plot, ...] = (
    # Lost, and searched for.
    Plot(
        ("lost", "plain", "none"),
        (
            """[
            <when>, <O> <was> [gone|nowhere to be found].
            | <when>, <H> [noticed|saw] that <O> <was> gone.
            | <H> had lost [<oa>|<obare>], and without <o> [nothing was right|<h> felt <feeling>|there was no going
                home].
            | <when>, <H> heard of <oa> that nobody could find.
            ]""",
            """?[
            <H> looked <spot> and <spot>, but found only [dust|a sock|a spoon|an old <month> newspaper|a spider].
            | "Where can <os> be?" <asks> <H> <how>.
            | <h> <gesture> and [searched|looked] <span>.
            ]""",
            MEET,
            """[
            "Have you seen <O>?" <asks> <H>.
            | "I am looking for <obare>," <says> <H> <how>.
            | "Why are you so sad?" <asks> <F>, and <H> told <fhim> everything.
            ]""",
            """[
            "[Maybe|Perhaps|I think] [the wind|a magpie|the river|a thief] took <o>," <says> <F>. "[I will help
                you|Let us look together|Come with me]."
            | "[When did you last see <o>|Where were you <when>]?" <asks> <F> <how>.
            | <F> <fgesture>. "Look <spot>," <says> <f>.
            ]""",
            "?" + JOURNEY,
            "?" + TURN,
            """[
            And there, <spot>, [<was> <O>|they found <O>|lay <O>].
            | They looked <spot>, and <spot>, and there <was> <O>.
            | At last <H> found <O> <spot>[|, shining in the [moonlight|sun]].
            | Suddenly something <colour> [shone|glittered] <spot>: <O>!
            ]""",
            """?[
            <H> held <o> tight and <gesture>.
            | "<os> <was> here all the time!" <says> <H>.
            | <H> gave <F> <treat> to say thank you.
            ]""",
        ),
    ),
    # Lost by somebody else, found by the hero.
    Plot(
        ("lost", "plain"),
        (
            """[
            <when>, <H> found <oa> <spot>.
            | <when>, <H> [tripped over|saw|stumbled upon] <oa>, [lying|lost] <spot>.
            ]""",
            """[
            "Whose <is> <this>?" <asks> <H>.
            | <H> <gesture>. Somebody must be missing <o>.
            | <h> could have kept <o>, but [that felt wrong|somebody would be sad].
            ]""",
            "?" + JOURNEY,
            """[
            <h> asked the <folk>, but [<os> <was> not theirs|they shook their heads].
            | "Not mine," said the <folk>, <job>.
            ]""",
            MEET,
            "?" + TURN,
            """[
            "[My <on>|There <os> <is>]!" <says> <F>. "I have looked for <o> <span>!"
            | <F> saw <O> and <fgesture>. "[<os> <was> my grandmother's|I lost <o> <when>]," <says> <f>.
            | "Did you lose <this>?" <asks> <H>. <F> [could hardly speak|<fgesture>|began to cry for joy].
            ]""",
            """[
            <F> gave <H> <treat>.
            | "How can I thank you?" <asks> <F>. "[Be my friend|Tell me a story|Give me some <food>]," <says> <H>.
            | <H> gave <o> back and felt <feeling>.
            ]""",
        ),
    ),
    # Broken, and mended.
    Plot(
        ("broken", "plain", "none"),
        (
            """[
            <when>, <H> [dropped|broke|sat on] <obare>.
            | <H> owned <oa> that [nobody could mend|had been broken since <season>].
            | <when>, <O> broke with [<sound>|a crack].
            | <when>, <H> found <oa>, broken, <spot>.
            ]""",
            """[
            <h> tried to mend <o> with [string|glue|honey|a nail and a prayer|a ribbon], but [<os> fell apart
                again|it did not work].
            | "[Oh no|What now]!" <says> <H> <how>.
            | <h> <gesture>. Without <o> there would be no [music|light|supper|joy] at <feast>.
            ]""",
            "?" + JOURNEY,
            MEET,
            """[
            "I can mend <o>," <says> <F>, "but [I need <treat>|you must help me|it takes <number> days]."
            | <F> looked at <O> <how>. "[I have seen worse|Nothing is too broken]," <says> <f>.
            | "Throw <o> away," <says> <F>. "Never," <says> <H> <how>.
            ]""",
            "?" + TURN,
            """[
            They worked <span>.
            | Together they [glued|sewed|hammered|tied], piece by piece, <span>.
            | <F> held the pieces and <H> [tied|glued] them <how>.
            ]""",
            """[
            In the end, <O> <was> as good as new[|, only a little more crooked|, and more beautiful than before].
            | And [when <season> came|at last], <O> <was> whole again.
            | There <was> still a [crack|scar] to see, but <H> liked <o> all the more.
            ]""",
        ),
    ),
    # Stolen, and tracked down.
    Plot(
        ("stolen", "plain"),
        (
            """[
            <when>, somebody took <O>.
            | <when>, <H> woke up and <O> <was> gone. Stolen!
            | <when>, <H> heard of <oa>.
            | <O> had been stolen in the night.
            ]""",
            """[
            There were [muddy|tiny|strange|floury] footprints [by|under] the window.
            | The thief had left [a feather|a <colour> thread|a trail of crumbs|a button].
            | "I will find the thief," <says> <H> <how>.
            ]""",
            JOURNEY,
            """[
            The trail ended at <sight>. There sat <fa>, with <O>.
            | And there, <spot>, hid <fa>, holding <O>.
            | <h> heard <sound>. It was <fa>, and <f> had <O>.
            ]""",
            """[
            "Why did you take <o>?" <asks> <H> <how>.
            | "<this> <is> not yours," <says> <H>.
            | <F> <fgesture>. "[I am sorry|I only wanted to borrow <o>]," <says> <f>.
            ]""",
            """[
            "I [was so lonely|had nothing of my own|only wanted to look at <o>]," <says> <F>.
            | "I needed <o> for [<feast>|my little sister|my grandmother]," <says> <F> <how>.
            ]""",
            TURN,
            """[
            "[We can share|You can visit <o> every <weekday>|Next time, just ask]," <says> <H>.
            | <H> <gesture> and forgave <fhim>.
            | <F> gave <o> back, and <H> gave <fhim> <treat>.
            ]""",
        ),
    ),
    # Magic, and a wish.
    Plot(
        ("magic", "plain"),
        (
            """[
            <when>, <H> found <oa> <spot>.
            | <when>, <fa> gave <H> <oa>.
            | <H> had bought <oa> for [three pennies|a song|<treat>].
            ]""",
            """[
            "Make a wish," [said a voice|whispered a voice|<os> seemed to say].
            | When <h> touched <o>, [the air turned <colour>|everything began to glow|there was <sound>].
            | It was magic: [whoever held <o> could fly|<os> could speak|it granted <number> wishes].
            ]""",
            """[
            First, <h> wished for <food>. [Plates and plates|A mountain] of it appeared.
            | <H> wished for <treat>, and there it was.
            | <H> wished to be [as tall as a tower|as small as a pea|somewhere else], and [puff|bang], so it was.
            ]""",
            """[
            But soon <trouble>.
            | But [wishes are tricky|magic is never simple]: <H> felt <feeling>.
            | But the more <h> wished, the emptier <h> felt.
            ]""",
            """?["[Be careful|That is enough]," said <fa>.|<fa> saw it all. "What do you really want?" <asks> <f>.]""",
            "?" + TURN,
            """[
            With the last wish, <H> [gave everything back|wished <F> well|set things right].
            | So <H> put <O> back <spot>.
            | <H> gave <O> to <F>, [who <fgesture>|who knew what to do].
            | "[No more wishes|I have all I need]," <says> <H>, and <O> stopped [glowing|humming].
            ]""",
        ),
    ),
    # Magic, and a rescue.
    Plot(
        ("magic", "plain", "none"),
        (
            """[<when>, <H> heard <sound>.|<when>, <trouble>.|<when>, somebody [called|shouted] for help.]""",
            """[
            It was <fa>, stuck [in the mud|up a tree|in a well|on a rock|under a fallen branch].
            | <fa> had fallen [into the river|down a hole|into a ditch].
            ]""",
            """[
            "Help me!" <says> <F>.
            | "I have been here <span>," <says> <F> <how>.
            | <F> <fgesture>. "Nobody hears me," <says> <f>.
            ]""",
            """[
            <H> had only <oa> with <him>.
            | All <h> had was <obare>.
            | <H> looked around and saw <oa> <spot>.
            | <H> remembered <oa> <spot>.
            ]""",
            TURN,
            """[
            With <O>, <H> [pulled <fhim> out|made a bridge|lit the way] <how>.
            | <O> [began to shine|grew and grew], and [up came <F>|<F> could hold on].
            | <H> held out <O>, and <F> held on tight.
            ]""",
            """?[
            <F> was [wet|cold|dirty] but safe.
            | "You saved me," <says> <F>.
            | They [sat down|lay in the grass] and laughed.
            ]""",
            """?[
            <F> gave <H> <treat>.
            | <H> kept <O> forever, in case somebody needed help.
            | "Keep <O>," <says> <F>, "[you may need <o> again|you have earned <o>]."
            ]""",
        ),
    ),
)
