import Testing

@testable import Configuration

@Suite struct CronScheduleTests {
  @Test(arguments: [
    "* * * * *", "*/5 0-6,22 1 jan-mar mon", "0 0 29 feb *", "59 23 31 12 7", "1,2,3 * * * sun",
  ])
  func `what crontab takes is taken`(text: String) {
    #expect(CronSchedule.problem(text) == nil)
  }

  @Test(arguments: [
    ("@daily", "five fields"), ("* * * *", "found 4"), ("60 * * * *", "minute"),
    ("* 24 * * *", "hour"), ("0 0 31 feb *", "never comes"), ("0 0 0 * *", "day of month"),
    ("* * * * 8", "day of week"), ("5-1 * * * *", "minute"), ("*/0 * * * *", "minute"),
  ])
  func `what cron would not run names its field`(text: String, part: String) {
    #expect(CronSchedule.problem(text)?.contains(part) == true)
  }
}
