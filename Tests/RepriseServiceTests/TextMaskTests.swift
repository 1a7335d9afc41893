import RepriseService
import Testing

@Suite("Words that a service says back")
struct TextMaskTests {
  private let mask = TextMask(
    CoverRequest(
      prompt: "dark synthwave, \"slow\"", lyrics: "[Verse]\nNobody has seen this line before\nnor the next one",
      reference: .url("https://example.com/a.mp3")))

  @Test(
    "are taken out, whole or in pieces of twelve characters, as they are or as JSON has them",
    arguments: [
      ("lyrics refused: Nobody has seen this line before nor", "lyrics refused:[lyrics]"),
      ("bad: 'this line before', too long", "bad: '[lyrics]', too long"),
      (#"{"prompt":"dark synthwave, \"slow\""}"#, #"{"prompt":"[prompt]"}"#),
      (#"got "[Verse]\nNobody has""#, #"got "[lyrics]""#),
      ("dark synthwave and Nobody has seen", "[prompt] and[lyrics]"),
      ("the prompt is too long (2001 characters)", "the prompt is too long (2001 characters)"),
      ("before", "before"), ("", ""),
    ])
  func masks(text: String, expected: String) {
    #expect(mask.apply(to: text) == expected)
  }

  @Test("a short text is taken out as a whole only")
  func short() {
    let mask = TextMask(CoverRequest(prompt: "slow waltz", reference: .url("https://example.com/a.mp3")))
    #expect(mask.apply(to: "no 'slow waltz' here, no waltz") == "no '[prompt]' here, no waltz")
  }
}
