import Foundation
import Testing

@testable import CommandLineInterface

/// Times as people read them, in the zone of the project.
struct TimeTextTests {
  @Test(arguments: [
    ("UTC", 0, "1970-01-01 00:00:00"),
    ("UTC", -1, "1969-12-31 23:59:59"),
    // Summer time in Berlin ends at 01:00 UTC on 26 October 2025: 02:59:59 comes twice.
    ("Europe/Berlin", 1_761_440_399_999, "2025-10-26 02:59:59"),
    ("Europe/Berlin", 1_761_440_400_000, "2025-10-26 02:00:00"),
    ("Asia/Kathmandu", 1_767_225_600_000, "2026-01-01 05:45:00"),
  ])
  func `a time is told in its zone`(_ name: String, _ milliseconds: Int, _ text: String) throws {
    let zone = try #require(TimeZone(identifier: name))
    #expect(TimeText.local(Int64(milliseconds), in: zone) == text)
  }
}
