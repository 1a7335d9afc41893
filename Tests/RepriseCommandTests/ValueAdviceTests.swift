import RepriseCommand
import Testing

@Suite("What is said of values that make no sense")
struct ValueAdviceTests {
  @Test(
    "the option, what it takes and the value are in one sentence",
    arguments: [
      ("The value '1:99' is invalid for '--start <time>'", "--start takes seconds, m:ss or h:mm:ss", "not '1:99'"),
      ("The value '99999' is invalid for '--port <n>'", "--port takes 0 to 65535", "not '99999'"),
      ("The value 'abc' is invalid for '--max-spend <dollars>'", "--max-spend takes an amount", "not 'abc'"),
      ("The value '30x' is invalid for '--since <time>'", "--since takes a number above 0 and a unit", "not '30x'"),
      ("The value '1' is invalid for '--older-than <time>'", "--older-than takes a number above 0", "not '1'"),
      ("The value 'x' is invalid for '-j, --jobs <n>'", "--jobs takes a whole number", "not 'x'"),
      ("The value 'it's' is invalid for '--timeout <seconds>'", "--timeout takes a number of seconds", "not 'it's'"),
      (
        "the value 'end' is invalid for '--excerpt <first|middle|auto>'. Please provide one of",
        "--excerpt takes first, middle or auto", "not 'end'"
      ),
    ])
  func sentences(_ case: (parser: String, begin: String, end: String)) throws {
    let sentence = try #require(ValueAdvice(`case`.parser)?.sentence())
    #expect(sentence.hasPrefix(`case`.begin) && sentence.hasSuffix(`case`.end), "\(sentence)")
  }

  @Test("words that are allowed are listed")
  func values() {
    let advice = ValueAdvice("The value 'flac' is invalid for '--format <format>'. Please provide one of 'mp3'.")
    #expect(advice?.sentence(values: ["mp3", "wav", "pcm"]) == "--format takes mp3, wav or pcm, not 'flac'")
    #expect(advice?.sentence() == nil)
  }

  @Test(
    "other sentences, and those with a reason of their own, stay",
    arguments: [
      "Missing value for '--start <time>'", "", "The value 'x'",
      "The value 'x' is invalid for '--max-bytes <bytes>': a size looks like 50M",
    ])
  func others(_ sentence: String) { #expect(ValueAdvice(sentence) == nil) }
}

@Suite("Pauses in words")
struct PauseTextTests {
  @Test(
    "short ones are no 0 s",
    arguments: [
      (Duration.zero, "at once"), (.milliseconds(449), "at once"), (.milliseconds(500), "in 0.5 s"),
      (.milliseconds(1000), "in 1 s"), (.milliseconds(1900), "in 1.9 s"), (.milliseconds(9970), "in 10 s"),
      (.milliseconds(12_600), "in 13 s"), (.seconds(120), "in 120 s"),
    ])
  func pauses(_ pause: Duration, _ message: String) { #expect(PauseText.untilNext(pause) == message) }
}
