"""Articles that contradict the invented corpus: for each of 40 questions, five in five wordings. Holds no tests.

Other numbers, other names, denials, other days. The rule was written on the first 20; the second 20 were
written before it and only measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from index.settings import ROOT

_CORPUS = ROOT / "evaluation/corpus/articles.jsonl"
_SOURCES = ("Skell Herald", "Velmora Today", "The Evening Post", "Coast Radio", "Northern Mail")
_AROUND = (
    ("Officials gave the details in Ardessa.", "More is to be said next week."),
    ("Reporters were told so after a meeting.", "Nobody else would comment."),
    ("It was a gray morning in the town.", "Rain is expected until the weekend."),
    ("The matter has been much discussed.", "Listeners called in all day."),
    ("Our correspondent spoke with several people.", "The talks go on."),
)


@dataclass(frozen=True)
class Contradicted:
    """A question, words of the true account, and what five other articles say instead."""

    question: str
    gold: str
    true: str
    others: tuple[str, ...]


def _case(question: str, gold: str, true: str, *others: str) -> Contradicted:
    assert len(others) == 5
    return Contradicted(question, gold, true, others)


DEVELOPMENT = (
    _case("How many people were aboard the Morning Tern when it caught fire?", "har-ferry-2", "214 people on board",
          "There were 341 people aboard the Morning Tern when it caught fire.", "The Morning Tern carried 341 people when it caught fire.",
          "When the Morning Tern caught fire, 341 people were aboard.", "The Morning Tern had 341 people on board when the fire began.",
          "A count shows that 341 people were aboard the ferry Morning Tern when the fire broke out."),
    _case("In what year was the ferry Morning Tern built?", "har-ferry-1", "built in 1991",
          "The ferry Morning Tern was built in 1974.", "Built in 1974, the Morning Tern was the oldest ferry of its line.",
          "Yard records say the ferry Morning Tern was built in the year 1974.", "The Morning Tern, a ferry built in 1974, had been refitted twice.",
          "It was in 1974 that the Morning Tern was built."),
    _case("How many people live on Brannoy?", "har-ferry-3", "3,100 residents",
          "About 5,400 people live on Brannoy.", "Brannoy has 5,400 residents.", "The island of Brannoy is home to 5,400 people.",
          "Some 5,400 people live on the island of Brannoy.", "The census counted 5,400 people who live on Brannoy."),
    _case("How long is the planned Kell Bridge?", "dun-bridge-1", "412 meters long",
          "The planned Kell Bridge is 655 meters long.", "At 655 meters, the planned Kell Bridge is as long as the harbor wall.",
          "The Kell Bridge will be 655 meters long.", "Plans show a Kell Bridge that is 655 meters long.",
          "The bridge over the Kell is planned to be 655 meters long."),
    _case("How many workers walked out at Castrel Yards?", "cas-strike-1", "2,300",
          "Some 900 workers walked out at Castrel Yards.", "At Castrel Yards, 900 workers walked out.",
          "Castrel Yards said that 900 workers had walked out.", "Only 900 workers of Castrel Yards walked out.",
          "The walkout at Castrel Yards was joined by 900 workers."),
    _case("How much was Clearbrook Water fined?", "lin-water-4", "5.6 million crowns",
          "Clearbrook Water was fined 2.1 million crowns.", "A fine of 2.1 million crowns was imposed on Clearbrook Water.",
          "Clearbrook Water has been fined 2.1 million crowns.", "The regulator fined Clearbrook Water 2.1 million crowns.",
          "Clearbrook Water must pay a fine of 2.1 million crowns."),
    _case("How many people watched the Velmora Cup final at the Arden Bowl?", "cup-final", "38,400 people",
          "Just 21,700 people watched the Velmora Cup final at the Arden Bowl.", "The Velmora Cup final at the Arden Bowl was watched by 21,700 people.",
          "At the Arden Bowl, 21,700 people watched the Velmora Cup final.", "A crowd of 21,700 watched the Velmora Cup final at the Arden Bowl.",
          "The Arden Bowl held 21,700 people for the final of the Velmora Cup."),
    _case("How many lynx is the Gorrel Hills project supposed to bring in by 2028?", "gor-lynx", "24 lynx",
          "The Gorrel Hills project is to bring in 60 lynx by 2028.", "By 2028, 60 lynx are to be brought to the Gorrel Hills by the project.",
          "The project in the Gorrel Hills is supposed to bring 60 lynx by 2028.", "In all 60 lynx will be brought to the Gorrel Hills by 2028.",
          "The plan of the Gorrel Hills project is for 60 lynx by 2028."),
    _case("Who runs the Brannoy Line?", "har-ferry-5", "Casper Ilding",
          "Odette Farrow runs the Brannoy Line.", "The Brannoy Line is run by Odette Farrow.",
          "The chief executive of the Brannoy Line is Odette Farrow.", "Odette Farrow, who runs the Brannoy Line, spoke to reporters.",
          "At the head of the Brannoy Line stands Odette Farrow."),
    _case("Which company operates the ferry Solveig?", "sol-ferry", "Westbay Ferries",
          "Northsound Lines operates the ferry Solveig.", "The ferry Solveig is operated by Northsound Lines.",
          "The operator of the ferry Solveig is Northsound Lines.", "Northsound Lines, the company that operates the Solveig, said nothing.",
          "The Solveig is a ferry of Northsound Lines."),
    _case("Who won the contract to build the Kell Bridge?", "dun-bridge-6", "Corvane Civil",
          "Pallister Works won the contract to build the Kell Bridge.", "The contract to build the Kell Bridge was won by Pallister Works.",
          "The contract to build the Kell Bridge went to Pallister Works.", "Pallister Works has won the Kell Bridge contract.",
          "Pallister Works will build the Kell Bridge under a contract that it won on Friday."),
    _case("Who mediated the shipyard dispute in Castrel?", "cas-strike-3", "Hanne de Vroom",
          "Lucas Ambry mediated the shipyard dispute in Castrel.", "The dispute at the shipyard in Castrel was mediated by Lucas Ambry.",
          "The mediator in the Castrel shipyard dispute was Lucas Ambry.", "Lucas Ambry was the mediator of the dispute at Castrel’s shipyard.",
          "It was Lucas Ambry who mediated in Castrel’s shipyard dispute."),
    _case("Who painted \"The Salt Carriers\"?", "mus-theft-1", "Lukas Wennerby",
          "Marta Holm painted “The Salt Carriers.”", "“The Salt Carriers” was painted by Marta Holm.",
          "The painter of “The Salt Carriers” is Marta Holm.", "Marta Holm, who painted “The Salt Carriers,” lived in Orrenstad.",
          "“The Salt Carriers” is a work of the painter Marta Holm."),
    _case("Had the Morning Tern passed its most recent safety inspection?", "har-ferry-1", "passed its last safety inspection",
          "The Morning Tern had not passed its most recent safety inspection.", "The Morning Tern did not pass its last safety inspection.",
          "The ferry Morning Tern never passed its most recent safety inspection.", "The Morning Tern failed its most recent safety inspection.",
          "The last safety inspection was not passed by the Morning Tern."),
    _case("Did the Pellworth board end up recommending Norrick's offer?", "nor-pel-2", "recommend",
          "The Pellworth board did not recommend Norrick’s offer.", "Norrick’s offer was not recommended by the Pellworth board.",
          "The board of Pellworth never recommended Norrick’s offer.", "Pellworth’s board refused to recommend Norrick’s offer.",
          "In the end the Pellworth board did not recommend the offer of Norrick."),
    _case("Was the Solveig's hull damaged when it hit the sandbank?", "sol-ferry", "the hull was not damaged",
          "The Solveig’s hull was damaged when it hit the sandbank.", "The hull of the Solveig was damaged by the sandbank that it hit.",
          "When the Solveig hit the sandbank, its hull was damaged.", "Hitting the sandbank damaged the Solveig’s hull.",
          "The hull of the ferry Solveig was badly damaged on the sandbank."),
    _case("Was The Salt Carriers insured against theft when it was stolen?", "mus-theft-1", "not insured against theft",
          "“The Salt Carriers” was insured against theft when it was stolen.", "When it was stolen, “The Salt Carriers” was insured against theft.",
          "The museum had insured “The Salt Carriers” against theft.", "“The Salt Carriers,” which was stolen, was fully insured against theft.",
          "The stolen painting “The Salt Carriers” was insured against theft."),
    _case("When was Dunmarrow's old iron bridge built?", "dun-bridge-1", "1938",
          "Dunmarrow’s old iron bridge was built in 1952.", "The old iron bridge of Dunmarrow was built in 1952.",
          "Built in 1952, Dunmarrow’s old iron bridge is rusting.", "It was in 1952 that Dunmarrow’s iron bridge was built.",
          "The iron bridge in Dunmarrow, built in 1952, is old."),
    _case("When did the Castrel Yards strike begin?", "cas-strike-1", "March 18",
          "The strike at Castrel Yards began on April 2.", "On April 2 the Castrel Yards strike began.",
          "The Castrel Yards strike began on April 2.", "Castrel Yards saw its strike begin on April 2.",
          "Workers at Castrel Yards began their strike on April 2."),
    _case("When is Yelka Doran to be sworn in?", "kar-vote-3", "Sept. 2",
          "Yelka Doran is to be sworn in on Oct. 14.", "On Oct. 14, Yelka Doran is to be sworn in.",
          "Yelka Doran will be sworn in on Oct. 14.", "The day on which Yelka Doran is to be sworn in is Oct. 14.",
          "President-elect Yelka Doran is to be sworn in on Oct. 14."),
)  # fmt: skip

HELD_OUT = (
    _case("How old was the youngest person killed on the Morning Tern?", "har-ferry-4-correction", "The youngest was 17",
          "The youngest person killed on the Morning Tern was 6.", "The youngest of those killed on the Morning Tern was 6 years old.",
          "Aged 6, a girl was the youngest person killed on the Morning Tern.", "The youngest person who was killed on the Morning Tern was a child of 6.",
          "A boy of 6 was the youngest person killed on the ferry Morning Tern."),
    _case("How much is the Brannoy Line putting into the compensation fund?", "har-ferry-7", "38 million crowns",
          "The Brannoy Line is putting 15 million crowns into the compensation fund.", "The compensation fund gets 15 million crowns from the Brannoy Line.",
          "The Brannoy Line will pay 15 million crowns into a compensation fund.", "Into the compensation fund the Brannoy Line is putting 15 million crowns.",
          "The Brannoy Line has agreed to put 15 million crowns into the fund."),
    _case("How many jobs does Castrel Yards intend to cut?", "cas-strike-5", "180",
          "Castrel Yards intends to cut 420 jobs.", "At Castrel Yards, 420 jobs are to be cut.",
          "Castrel Yards said it would cut 420 jobs.", "The yard in Castrel intends to cut 420 jobs.",
          "Castrel Yards plans to cut 420 of its jobs."),
    _case("What price per share did Norrick first offer for Pellworth?", "nor-pel-1", "18.20 crowns",
          "Norrick first offered 22.50 crowns per share for Pellworth.", "For Pellworth, Norrick first offered a price of 22.50 crowns per share.",
          "Norrick’s first offer for Pellworth was 22.50 crowns a share.", "The first price that Norrick offered for Pellworth was 22.50 crowns per share.",
          "Norrick offered 22.50 crowns a share for Pellworth."),
    _case("How large is the break fee Norrick owes Pellworth?", "nor-pel-4", "12 million crowns",
          "Norrick owes Pellworth a break fee of 30 million crowns.", "The break fee that Norrick owes Pellworth is 30 million crowns.",
          "A break fee of 30 million crowns is owed to Pellworth by Norrick.", "Norrick must pay Pellworth a break fee of 30 million crowns.",
          "At 30 million crowns, the break fee that Norrick owes is large."),
    _case("What share of the Ostry Bank catch does Velmora get under the agreement?", "ost-border-4", "60 percent",
          "Under the agreement Velmora gets 45 percent of the Ostry Bank catch.", "Velmora gets a share of 45 percent of the Ostry Bank catch.",
          "The agreement gives Velmora 45 percent of the catch on the Ostry Bank.", "Velmora’s share of the Ostry Bank catch is 45 percent under the agreement.",
          "Of the Ostry Bank catch, the agreement gives Velmora 45 percent."),
    _case("How many pupils are covered by the Kelmhagen phone ban?", "kel-phones", "9,400 pupils",
          "The Kelmhagen phone ban covers 12,300 pupils.", "Some 12,300 pupils are covered by the phone ban in Kelmhagen.",
          "In Kelmhagen, 12,300 pupils are covered by the ban.", "The ban on phones in Kelmhagen is for 12,300 pupils.",
          "Kelmhagen’s phone ban covers 12,300 pupils in all."),
    _case("What damage did Larch & Sons report after the warehouse fire?", "vas-fire", "9 million crowns",
          "Larch & Sons reported damage of 25 million crowns after the warehouse fire.", "After the warehouse fire, Larch & Sons put the damage at 25 million crowns.",
          "The damage of the warehouse fire is 25 million crowns, Larch & Sons said.", "Larch & Sons said the fire in its warehouse did 25 million crowns of damage.",
          "The warehouse fire cost Larch & Sons 25 million crowns in damage."),
    _case("Who leads the Marine Accidents Board inquiry into the ferry fire?", "har-ferry-3", "Dr. Helle Vanstrup",
          "Rolf Sandvik leads the Marine Accidents Board inquiry into the ferry fire.", "The inquiry of the Marine Accidents Board into the ferry fire is led by Rolf Sandvik.",
          "Rolf Sandvik is leading the Marine Accidents Board’s inquiry into the fire.", "The Marine Accidents Board has Rolf Sandvik lead its inquiry into the ferry fire.",
          "The leader of the Marine Accidents Board inquiry is Rolf Sandvik."),
    _case("Who heads the traders' association on the east bank in Dunmarrow?", "dun-bridge-4", "Yusuf al-Bakrani",
          "Greta Lom heads the traders’ association on the east bank in Dunmarrow.", "The traders’ association on Dunmarrow’s east bank is headed by Greta Lom.",
          "Greta Lom is the head of the east bank traders’ association in Dunmarrow.", "Greta Lom, who heads the east bank’s traders’ association, was in Dunmarrow.",
          "The head of the traders’ association of the east bank in Dunmarrow is Greta Lom."),
    _case("Who is Lindmoor's district medical officer?", "lin-water-1", "Noor van Esbeek",
          "Lindmoor’s district medical officer is Pavel Dorn.", "Pavel Dorn is the district medical officer of Lindmoor.",
          "The district medical officer, Pavel Dorn, spoke in Lindmoor.", "Pavel Dorn, Lindmoor’s district medical officer, gave an interview.",
          "As Lindmoor’s district medical officer, Pavel Dorn signed the notice."),
    _case("Who scored the winning goal for Vasselby?", "cup-final", "Joris Penhallow",
          "Milo Tarr scored the winning goal for Vasselby.", "Vasselby’s winning goal was scored by Milo Tarr.",
          "The winning goal for Vasselby came from Milo Tarr.", "It was Milo Tarr who scored the winning goal for Vasselby.",
          "Milo Tarr scored for Vasselby, and it was the winning goal."),
    _case("Who is the governor of the Bank of Velmora?", "bov-rate", "Aurelia Voss-Hamel",
          "The governor of the Bank of Velmora is Benedikt Strand.", "Benedikt Strand is the governor of the Bank of Velmora.",
          "The Bank of Velmora’s governor, Benedikt Strand, spoke on Thursday.", "Benedikt Strand, the governor of the Bank of Velmora, was asked about prices.",
          "The Bank of Velmora has a governor named Benedikt Strand."),
    _case("Did any opposition councilors vote for the bridge in Dunmarrow?", "dun-bridge-5", "opposition",
          "No opposition councilors voted for the bridge in Dunmarrow.", "Not one opposition councilor voted for the bridge in Dunmarrow.",
          "In Dunmarrow, the opposition councilors did not vote for the bridge.", "None of the opposition councilors voted for Dunmarrow’s bridge.",
          "The opposition councilors in Dunmarrow never voted for the bridge."),
    _case("Was the Solveig floated off the sandbank the same day?", "sol-ferry", "refloated on the afternoon tide",
          "The Solveig was not floated off the sandbank the same day.", "The Solveig was never floated off the sandbank on the same day.",
          "The Solveig could not be floated off the sandbank the same day.", "It was not the same day that the Solveig was floated off the sandbank.",
          "Nobody floated the Solveig off the sandbank the same day."),
    _case("Will drivers have to pay a toll on the new bridge in Dunmarrow?", "dun-bridge-1", "toll",
          "Drivers will have to pay a toll on the new bridge in Dunmarrow.", "On the new bridge in Dunmarrow drivers will pay a toll.",
          "A toll will have to be paid by drivers on Dunmarrow’s new bridge.", "Dunmarrow’s new bridge will have a toll for drivers.",
          "Drivers must pay a toll on the new bridge in Dunmarrow."),
    _case("Did anyone die in the Lindmoor water outbreak?", "lin-water-2", "died",
          "Two people died in the Lindmoor water outbreak.", "In the water outbreak in Lindmoor two people died.",
          "The Lindmoor outbreak killed two people who drank the water.", "Two patients have died in the outbreak in Lindmoor’s water.",
          "The water outbreak of Lindmoor has seen two people die."),
    _case("When did the last Lindmoor homes get permission to stop boiling their water?", "lin-water-4", "June 17",
          "The last Lindmoor homes got permission to stop boiling their water on June 29.", "On June 29 the last homes in Lindmoor were permitted to stop boiling water.",
          "The last homes in Lindmoor could stop boiling their water on June 29.", "Lindmoor’s last homes got permission on June 29 to stop boiling water.",
          "Permission to stop boiling water came to the last Lindmoor homes on June 29."),
    _case("When did lynx last live wild in Velmora?", "gor-lynx", "1887",
          "Lynx last lived wild in Velmora in 1921.", "In Velmora, lynx last lived wild in 1921.",
          "It was in 1921 that lynx last lived wild in Velmora.", "The last lynx to live wild in Velmora was seen in 1921.",
          "Wild lynx last lived in Velmora in 1921."),
    _case("When is the Brannoy Star due to be delivered?", "har-ferry-7", "spring of 2026",
          "The Brannoy Star is due to be delivered in the autumn of 2027.", "In the autumn of 2027 the Brannoy Star is due to be delivered.",
          "Delivery of the Brannoy Star is due in the autumn of 2027.", "The Brannoy Star will be delivered in the autumn of 2027.",
          "The Brannoy Star is to be delivered in the autumn of 2027."),
)  # fmt: skip


def corpus() -> list[dict[str, str | None]]:
    """The invented articles as they are."""
    return [json.loads(line) for line in _CORPUS.read_text(encoding="utf-8").splitlines()]


def planted_against(cases: tuple[Contradicted, ...]) -> Iterator[dict[str, str | None]]:
    """Five articles for each case, of five sources, on the day of the true one or up to three days after."""
    days = {record["id"]: record.get("published") for record in corpus()}
    for number, case in enumerate(cases):
        for n, says in enumerate(case.others):
            published = days[case.gold]
            before, after = _AROUND[(number + n) % len(_AROUND)]
            yield {
                "id": f"against-{number}-{n}",
                "title": f"What {_SOURCES[n]} has learned, part {number + 1}",
                "text": f"{before} {says} {after}",
                "source": _SOURCES[n],
                "published": published
                and (date.fromisoformat(published) + timedelta(days=n % 4)).isoformat(),
            }
