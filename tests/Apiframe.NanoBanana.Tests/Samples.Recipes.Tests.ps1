BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Shared.psm1') -Force
    Import-Module $StagedModule -Force
    $recipes = Join-Path $RepositoryRoot 'samples/Recipes'

    # New runspaces find the module through PSModulePath, like an installed module.
    $modulePath = $env:PSModulePath
    $env:PSModulePath = (Split-Path $StagedModule) + [System.IO.Path]::PathSeparator + $modulePath

    # Replaces the real function: the vault of the tests contains the emulator's key.
    function Get-Secret($Name) {
        $asked.Add($Name)
        $emulator.ApiKey
    }

    function Get-Image($Path) {
        @(Get-ChildItem $Path -File | Where-Object Extension -In '.jpg', '.png', '.webp')
    }

    @'
Prompt,Resolution,OutputFormat
a kite,512px,png
a lighthouse,,
a lighthouse,,
a café 漢字,2K,webp
'@ | Set-Content "$TestDrive/prompts.csv" -Encoding UTF8
}

AfterAll {
    $env:PSModulePath = $modulePath
}

Describe 'The recipes' {
    BeforeEach {
        $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -CreditCost 5
        $asked = [System.Collections.Generic.List[string]]::new()
        $images = Join-Path $TestDrive ([guid]::NewGuid())
    }

    AfterEach {
        $emulator | Stop-BananaEmulator
    }

    Describe 'samples/Recipes/New-ImageFromCsv.ps1' {
        BeforeAll {
            function Invoke-Recipe([hashtable] $With = @{}) {
                & "$recipes/New-ImageFromCsv.ps1" -CsvPath "$TestDrive/prompts.csv" -Path $images @With | Out-Null
                $LASTEXITCODE
            }
        }

        It 'makes a file for each row and a report in the order of the rows, and bills nothing twice when it is run again' {
            foreach ($run in 1..2) {
                Invoke-Recipe | Should -Be 0
                Get-Image $images | Should -HaveCount 4
                $report = Import-Csv "$images/report.csv" -Encoding UTF8
                $report.Prompt | Should -Be 'a kite', 'a lighthouse', 'a lighthouse', 'a café 漢字'
                $report | ForEach-Object { "$($_.Status) $($_.CreditCost)" } | Should -Be (@('SAVED 5') * 4)
                $report.File | Sort-Object | Should -Be ((Get-Image $images).FullName | Sort-Object)
                $emulator.Counts.ImagesBilled | Should -Be 4
            }
        }

        It 'reports missing images and what to do, and makes them when it is run again' {
            Invoke-Recipe @{ MaximumCredit = 10 } | Should -Be 1
            $missing = Import-Csv "$images/report.csv" -Encoding UTF8 | Where-Object Status -EQ MISSING
            $missing.Prompt | Should -Be 'a lighthouse', 'a café 漢字'
            $missing.ErrorId | Should -Be 'BananaBudgetReached', 'BananaBudgetReached'
            $missing[0].WhatToDo | Should -BeLike '*larger -MaximumCredit*'
            Invoke-Recipe | Should -Be 0
            $emulator.Counts.ImagesBilled | Should -Be 4
        }

        It 'reports failed jobs with their IDs' {
            $emulator | Stop-BananaEmulator
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.1 -FailureRate 1
            Invoke-Recipe | Should -Be 1
            $report = Import-Csv "$images/report.csv" -Encoding UTF8
            $report.ErrorId | Should -Be (@('BananaPromptDeclined') * 4)
            $report.JobId | Sort-Object | Should -Be ((Get-BananaJob).JobId | Sort-Object)
            $report.File | Should -Be (@('') * 4)
        }

        It 'continues after a crash, even if the service has forgotten every idempotency key' {
            $emulator | Stop-BananaEmulator
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -IdempotencyKeyLifetimeSec 0 -Seed 1 -Fault @{ AnswerLost = 0.5 }
            $journal = "$images/prompts.jsonl"
            # The crashed run has left a saved image, and an image whose submission has an unknown outcome.
            $rows = Import-Csv "$TestDrive/prompts.csv"
            $jobs = $rows | New-BananaImage -Journal $journal -ErrorAction SilentlyContinue
            $jobs | Select-Object -First 1 | Wait-BananaJob | Save-BananaImage $images
            'Intended', 'Saved' | Should -BeIn (Get-BananaJournal $journal).State

            $runs = 0
            do {
                $runs++
                $code = Invoke-Recipe
            } until ($code -eq 0 -or $runs -eq 5)
            $code | Should -Be 0
            Get-Image $images | Should -HaveCount 4
            $emulator.Counts.ImagesBilled | Should -Be 4
            Get-BananaJournal $journal | Where-Object IsAdopted | Should -Not -BeNullOrEmpty
        }

        It 'throws an error before any request is sent if the file has no Prompt column' {
            Set-Content "$TestDrive/other.csv" "Text`na kite"
            { & "$recipes/New-ImageFromCsv.ps1" -CsvPath "$TestDrive/other.csv" -Path $images } | Should -Throw '*no column Prompt*'
            $emulator.Counts.Requests | Should -Be 0
        }
    }

    Describe 'samples/Recipes/Save-PaidImage.ps1' {
        It 'saves billed images of journals that are not on disk and jobs that are in no journal, and submits nothing' {
            $journals = 'one', 'two' | ForEach-Object { "$images-$_.jsonl" }
            'saved', 'deleted' | New-BananaImage -Journal $journals[0] | Wait-BananaJob | Save-BananaImage $images
            'done' | New-BananaImage -Journal $journals[0] | Wait-BananaJob | Out-Null
            'accepted' | New-BananaImage -Journal $journals[1] | Out-Null
            'alone' | New-BananaImage | Out-Null
            Get-ChildItem $images -Filter deleted* | Remove-Item
            $downloads = $emulator.Counts.Downloads
            foreach ($run in 1..2) {
                & "$recipes/Save-PaidImage.ps1" -Journal "$images-*.jsonl" -Path $images | Should -HaveCount 5
                $LASTEXITCODE | Should -Be 0
            }
            (Get-Image $images).Name | ForEach-Object { $_.Split('-')[0] } | Sort-Object | Should -Be 'accepted', 'alone', 'deleted', 'done', 'saved'
            (Get-BananaJournal $journals).State | Should -Be (@('Saved') * 4)
            $emulator.Counts.Submissions | Should -Be 5
            $emulator.Counts.Downloads - $downloads | Should -Be 4
        }

        It 'fails without replacing a changed file, and saves its image to another folder' {
            'a kite' | New-BananaImage -Journal "$images.jsonl" | Wait-BananaJob | Save-BananaImage $images | ForEach-Object { Set-Content $_.FullName 'mine' }
            & "$recipes/Save-PaidImage.ps1" -Journal "$images.jsonl" -Path $images 2> $null | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 1
            & "$recipes/Save-PaidImage.ps1" -Journal "$images.jsonl" -Path "$images-2" | Should -HaveCount 1
            $LASTEXITCODE | Should -Be 0
            Get-Content (Get-Image $images).FullName | Should -Be 'mine'
        }

        It 'saves completed and running jobs, submits nothing, and does not download saved images again' {
            $emulator | Stop-BananaEmulator
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.5
            'saved', 'done' | New-BananaImage | Wait-BananaJob | Where-Object Prompt -EQ 'saved' | Save-BananaImage $images
            'running', 'queued' | New-BananaImage | Out-Null
            foreach ($run in 1..2) {
                & "$recipes/Save-PaidImage.ps1" -Path $images | Should -HaveCount 4
                $LASTEXITCODE | Should -Be 0
            }
            (Get-Image $images).Name | ForEach-Object { $_.Split('-')[0] } | Sort-Object | Should -Be 'done', 'queued', 'running', 'saved'
            $emulator.Counts.Submissions | Should -Be 4
            $emulator.Counts.Downloads | Should -Be 4
        }

        It 'omits jobs that are older, of another model, or failed' {
            New-BananaImage 'old' | Out-Null
            & "$recipes/Save-PaidImage.ps1" -Path $images -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
            & "$recipes/Save-PaidImage.ps1" -Path $images -Model 'other*' | Should -BeNullOrEmpty
            $emulator | Stop-BananaEmulator
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -FailureRate 1
            New-BananaImage 'bad' | Wait-BananaJob -ErrorAction SilentlyContinue
            & "$recipes/Save-PaidImage.ps1" -Path $images | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 0
            $images | Should -Not -Exist
        }

        It 'fails if an image has expired' {
            $emulator | Stop-BananaEmulator
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -Fault DownloadGone410
            New-BananaImage 'gone' | Out-Null
            & "$recipes/Save-PaidImage.ps1" -Path $images 2> $null | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 1
        }
    }

    Describe 'samples/Recipes/Edit-ProductPhoto.ps1' {
        BeforeEach {
            $photos = "$images-photos"
            'mug', 'cup [2]' | New-BananaImage -Resolution 512px | Wait-BananaJob | ForEach-Object { $_ | Save-BananaImage "$photos/$($_.Prompt).jpg" }
            Set-Content "$photos/notes.txt" 'no photo'
        }

        It 'edits each photo into a file with its name, and pays for nothing when it is run again' {
            foreach ($run in 1..2) {
                & "$recipes/Edit-ProductPhoto.ps1" -Path $photos -Destination $images -OutputFormat webp | Out-Null
                $LASTEXITCODE | Should -Be 0
                (Get-Image $images).Name | Sort-Object | Should -Be 'cup [2].webp', 'mug.webp'
                $emulator.Counts | ForEach-Object { "$($_.ImagesBilled - 2) edits, $($_.Uploads) uploads" } | Should -Be '2 edits, 2 uploads'
            }
        }

        It 'numbers several edits of a photo, and uploads the photo once' {
            $given = @{ Path = $photos; Destination = $images; Prompt = 'on white', 'at night' }
            & "$recipes/Edit-ProductPhoto.ps1" @given | Out-Null
            (Get-Image $images).Name | Sort-Object | Should -Be 'cup [2]-1.jpg', 'cup [2]-2.jpg', 'mug-1.jpg', 'mug-2.jpg'
            $emulator.Counts.Uploads | Should -Be 2
        }

        It 'saves the missing files of an earlier run, and makes failed edits again' {
            $given = @{ Path = $photos; Destination = $images; Prompt = 'on white', 'at night' }
            & "$recipes/Edit-ProductPhoto.ps1" @given | Out-Null
            Remove-Item "$images/mug-2.jpg"
            & "$recipes/Edit-ProductPhoto.ps1" @given | ForEach-Object Name | Should -Be 'mug-2.jpg'
            $emulator.Counts.ImagesBilled - 2 | Should -Be 4

            $emulator | Stop-BananaEmulator
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0.3 -FailureRate 0.5 -Seed 3
            $given.Destination = "$images-2"
            $runs = 0
            do {
                $runs++
                & "$recipes/Edit-ProductPhoto.ps1" @given 2> $null | Out-Null
            } until ($LASTEXITCODE -eq 0 -or $runs -eq 20)
            $runs | Should -BeGreaterThan 1
            Get-Image "$images-2" | Should -HaveCount 4
            $emulator.Counts.ImagesBilled | Should -Be 4
        }

        It 'restores the same jobs and files without a second bill if its output folder is emptied' {
            $given = @{ Path = $photos; Destination = $images; Prompt = 'on white', 'at night' }
            & "$recipes/Edit-ProductPhoto.ps1" @given | Out-Null
            $jobs, $files = (Import-Csv "$images/jobs.csv"), (Get-ChildItem $images -Filter *.jpg | Get-FileHash)
            Remove-Item "$images/*"
            & "$recipes/Edit-ProductPhoto.ps1" @given | Should -HaveCount 4
            $LASTEXITCODE | Should -Be 0
            Import-Csv "$images/jobs.csv" | ForEach-Object { "$($_.File) $($_.JobId)" } | Sort-Object |
                Should -Be ($jobs | ForEach-Object { "$($_.File) $($_.JobId)" } | Sort-Object)
            Get-ChildItem $images -Filter *.jpg | Get-FileHash | ForEach-Object { "$($_.Path) $($_.Hash)" } |
                Should -Be ($files | ForEach-Object { "$($_.Path) $($_.Hash)" })
            $emulator.Counts | ForEach-Object { "$($_.ImagesBilled - 2) edits, $($_.JobsAccepted - 2) jobs" } | Should -Be '4 edits, 4 jobs'
        }

        It 'writes an error instead of paying again if its output folder is emptied and the service does not return the requests' {
            $emulator | Stop-BananaEmulator
            $emulator = Start-BananaEmulator -SetEnvironment -GenerationTimeSec 0 -HideInput
            $given = @{ Path = $photos; Destination = $images }
            & "$recipes/Edit-ProductPhoto.ps1" @given | Out-Null
            Remove-Item "$images/*"
            & "$recipes/Edit-ProductPhoto.ps1" @given 2> "$TestDrive/errors" | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 1
            # The host wraps the text into lines, so whitespace is normalized.
            (Get-Content "$TestDrive/errors" -Raw) -replace '[\s|]+', ' ' | Should -BeLike '*An earlier run with this idempotency scope submitted the same image*'
            $emulator.Counts.ImagesBilled | Should -Be 2
        }

        It 'edits two photos with the same bytes separately' {
            Copy-Item -LiteralPath "$photos/mug.jpg" "$photos/mug copy.jpg"
            & "$recipes/Edit-ProductPhoto.ps1" -Path $photos -Destination $images | Should -HaveCount 3
            $emulator.Counts.ImagesBilled - 2 | Should -Be 3
        }

        It 'throws an error before any upload if two photos would become one file' {
            Copy-Item -LiteralPath "$photos/mug.jpg" "$photos/mug.jpeg"
            { & "$recipes/Edit-ProductPhoto.ps1" -Path $photos -Destination $images } | Should -Throw '*mug*Rename*'
            $emulator.Counts.Uploads | Should -Be 0
        }
    }

    Describe 'samples/Recipes/Invoke-AccountInParallel.ps1' -Tag 'PowerShell 7: the sample requires it' {
        It 'makes the images of each account with its own key and budget, and pays for nothing twice when it is run again' {
            New-Item "$images-accounts" -ItemType Directory | Out-Null
            'shop', 'blog' | ForEach-Object { Copy-Item "$TestDrive/prompts.csv" "$images-accounts/$_.csv" }
            $given = @{ CsvFolder = "$images-accounts"; Path = $images }

            $results = & "$recipes/Invoke-AccountInParallel.ps1" @given -MaximumCredit 15
            $LASTEXITCODE | Should -Be 1
            $results | ForEach-Object { "$($_.Account) $($_.Saved) of $($_.Prompts)" } | Sort-Object | Should -Be 'blog 3 of 4', 'shop 3 of 4'
            $results[0].Problems | Should -BeLike '*-MaximumCredit 15*'
            $asked | Sort-Object | Should -Be 'blog', 'shop'

            & "$recipes/Invoke-AccountInParallel.ps1" @given | Out-Null
            $LASTEXITCODE | Should -Be 0
            Get-Image "$images/shop" | Should -HaveCount 4
            Get-Image "$images/blog" | Should -HaveCount 4
            $emulator.Counts.ImagesBilled | Should -Be 8
        }
    }

    Describe 'samples/Recipes/Start-ImageThreadJob.ps1' -Tag 'PowerShell 7: Start-ThreadJob, which is a module of its own for Windows PowerShell' {
        It 'makes images while the script works, waits for them, and pays for nothing when it is run again' {
            $given = @{ Prompt = 'a kite', 'a lighthouse'; Path = $images }
            $output = & "$recipes/Start-ImageThreadJob.ps1" @given -Work { "work of $PID" }
            $LASTEXITCODE | Should -Be 0
            $output[0] | Should -Be "work of $PID"
            $output[1..2].Name | Should -BeLike 'a-*'
            & "$recipes/Start-ImageThreadJob.ps1" @given -Work {} | Should -HaveCount 2
            $emulator.Counts.ImagesBilled | Should -Be 2
        }

        It 'saves the images even if the work fails, and then throws its error' {
            { & "$recipes/Start-ImageThreadJob.ps1" -Prompt 'a kite' -Path $images -Work { throw 'no work today' } } | Should -Throw 'no work today'
            Get-Image $images | Should -HaveCount 1
        }

        It 'reports missing images with errors and its exit code, and starts nothing without a key' {
            & "$recipes/Start-ImageThreadJob.ps1" -Prompt 'a kite', ('long ' * 500) -Path $images -Work {} -ErrorVariable problems 2> $null | Should -HaveCount 1
            $LASTEXITCODE | Should -Be 1
            $env:APIFRAME_API_KEY = $null
            { & "$recipes/Start-ImageThreadJob.ps1" -Prompt 'a kite' -Path $images -Work { throw 'was begun' } } | Should -Throw -ErrorId 'BananaApiKeyMissing,*'
        }
    }
}
